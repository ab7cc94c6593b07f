from . import test_agreement, test_month, test_totals

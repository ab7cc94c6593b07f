from . import xero_contact_match
from . import xero_exempt

from . import base_partner_merge
from . import xero_contact_match
from . import xero_exempt
from . import xero_choose_organisations
from . import xero_partner_match
from . import xero_match_contacts

"""What stops a contact on its way to Xero."""

from odoo.tools.translate import LazyTranslate

from .problems_entry import Entry

_lt = LazyTranslate(__name__)

ENTRIES = {
    "contact_name_missing": Entry("failed", _lt("The contact has no name. Give it one.")),
    "contact_name_invalid": Entry("failed", _lt("Xero takes no < or > in a name: %(name)s. Change it.")),
    "contact_name_long": Entry("failed", _lt("The name has %(length)s characters; Xero takes 255. Shorten it.")),
    "contact_name_taken": Entry(
        "held",
        _lt("Xero already has another contact of this name. Choose that contact, or create one under another name."),
        "action_match",
    ),
    "contact_number_taken": Entry(
        "held",
        _lt("Another contact in Xero bears this contact number. Choose that contact. Xero says: %(detail)s"),
        "action_match",
    ),
    "contact_email_invalid": Entry("failed", _lt("“%(email)s” is no e-mail address that Xero takes. Correct it.")),
    "contact_ambiguous": Entry(
        "held",
        _lt("Contacts in Xero that could be this one: %(count)s. Choose which it is, or create a new one."),
        "action_match",
    ),
    "contact_not_allowed": Entry(
        "held",
        _lt(
            "No contact in Xero matches, and this organisation does not create contacts. Choose one, or allow "
            "it on the organisation."
        ),
        "action_match",
        True,
    ),
    "contact_archived": Entry(
        "held",
        _lt(
            "The contact is archived in Xero. Restore it there, or choose another one, then retry. Xero says: "
            "%(detail)s"
        ),
        "action_match",
    ),
    "contact_linked": Entry(
        "held",
        _lt(
            "The matching contact in Xero already belongs to %(other)s. Choose another one, or create one under "
            "another name."
        ),
        "action_match",
    ),
    "contact_not_sent": Entry(
        "held",
        _lt(
            "%(contact)s is not in Xero, and contacts do not go there. Match it with a contact, or let contacts go to "
            "Xero on the organisation, page What syncs."
        ),
        "action_open_organisation",
        True,
    ),
    "contact_missing": Entry(
        "held",
        _lt(
            "Xero takes no document without a contact, and this one names none. Reset it to draft, name one and post "
            "it; then it goes."
        ),
        "action_retry",
    ),
    "contact_first": Entry(
        "waiting",
        _lt("The contact %(contact)s has to be in Xero first: see there what stops it."),
        "action_open_waiting_for",
    ),
}

"""What a contact's link remembers of the last agreement, field by field, and what two sides say differently."""

from .codec import contact_received as codec

LABELS = {
    "name": "Name", "email": "EmailAddress", "phone": "PhoneNumber", "address": "Address", "vat": "TaxNumber",
    "ref": "AccountNumber", "active": "Status",
}  # fmt: skip


def last_agreed(link, ours=None):
    """What both sides said when they last agreed. :param ours: what Odoo says, if it has not changed since"""
    known = link.remote or {}
    if known.get("ours"):
        return {"ours": known["ours"], "said": known.get("said") or {}}
    return {"ours": ours, "said": {}} if ours and link.digest else None


def difference_rows(names, ours, theirs):
    """:return list: as of ``xero.difference``"""
    return [
        {"label": LABELS[field], "odoo": ours[field], "xero": theirs[field]}
        for field in codec.FIELDS if field in names
    ]  # fmt: skip

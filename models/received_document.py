"""Xero's documents as they are read: what they are here, and which of their lines are which of ours."""

from .codec import received as received_codec

# Xero's Type -> (move_type, side)
TYPES = {
    "ACCREC": ("out_invoice", "sale"),
    "ACCPAY": ("in_invoice", "purchase"),
    "ACCRECCREDIT": ("out_refund", "sale"),
    "ACCPAYCREDIT": ("in_refund", "purchase"),
}


def split_lines(link, received):
    """What a distribution over several options made of one line, and nobody changed since: it stays one line here.

    :return dict: {LineItemID: key of the part, "<id of the Odoo line>:<part>"}
    """
    remote = link.remote or {}
    said = {line.line_id: received_codec.line_digest(line) for line in received.lines}
    parts = {}
    for key, line_id in (remote.get("lines") or {}).items():
        if ":" in key:
            parts.setdefault(line_of(key), {})[line_id] = key
    known = remote.get("parts") or {}
    whole = {}
    for mine in parts.values():
        if all(known.get(line_id) == said.get(line_id, "") for line_id in mine):
            whole |= mine
    return whole


def line_of(key):
    """Id of the Odoo line of a key of ``xero.link.remote``: "12" and "12:1" are both of line 12. :rtype: int"""
    return int(key.split(":")[0])


def read_document(resource, item):
    """:param resource: ``Invoices``, ``CreditNotes`` or ``BankTransactions``
    :rtype: Received"""
    keys = {
        "Invoices": ("InvoiceID", "InvoiceNumber"), "CreditNotes": ("CreditNoteID", "CreditNoteNumber"),
        "BankTransactions": ("BankTransactionID", "Reference"),
    }  # fmt: skip
    return received_codec.read(item, *keys[resource])

def paired_lines(ours, there, before):
    """:param list ours: keys of Odoo's lines, in their order
    :param list there: LineItemIDs, as many
    :param dict before: {key: LineItemID} as it was known
    :return dict: {key: LineItemID}
    """
    same = {key: before[key] for key in ours if before.get(key) in there}
    taken = set(same.values())
    new = zip([key for key in ours if key not in same], [each for each in there if each not in taken], strict=True)
    return same | dict(new)

"""Documents that say the same in other figures stay written as Xero has them.

A bookkeeper's line of 0.3333 × 500.12 is one unit of the whole amount here, a document without tax an Exclusive one.
Sent back like that when only its reference has changed, it would be rewritten; and with money on it, Xero would refuse.
"""

from decimal import Decimal

from odoo import models

from .codec.digest import digest_of
from .codec.received import members, number

FIGURES = ("Quantity", "UnitAmount", "DiscountRate", "DiscountAmount", "LineAmount", "TaxAmount")
BESIDE = ("LineItemID", "Description", "AccountCode", "TaxType", "Tracking")
COMPARED = ("Quantity", "UnitAmount", "DiscountRate", "DiscountAmount", "LineAmount")


class XeroResourceDocuments(models.AbstractModel):
    _inherit = "xero.resource.documents"

    def _agreed_ours(self, organisation, run, record, link, item):
        if record.state == "draft":
            return super()._agreed_ours(organisation, run, record, link, item)
        element = self._own_element(organisation, run, record, link)
        values = {
            "digest": getattr(element, "digest", ""),
            "version": self._versions(organisation, record.ids).get(record.id, False),
        }
        figures = _figures(element.payload, item) if element else {}
        return values | ({"remote": (link.remote or {}) | {"figures": figures}} if figures else {})

    def _in_their_figures(self, payload, keys, link):
        """What is sent of a document whose figures have not changed here since both sides agreed.

        :param list keys: per LineItem, see ``Built.line_keys``
        :return tuple: (payload, keys, what Xero is to compute or None where it is ours, what the link goes on
            remembering)
        """
        known = (link.remote or {}).get("figures") or {}
        if not known or known["ours"] != _digest(payload):
            return payload, keys, None, {}
        theirs, beside = known["lines"], known.get("beside") or []
        kept = [(key, item) for key, item in zip(keys, payload["LineItems"], strict=True)
                if item.get("LineItemID") in theirs]  # fmt: skip
        if len(kept) + len(beside) != len(theirs):
            return payload, keys, None, {}
        named = {line_id: key for key, line_id in ((link.remote or {}).get("lines") or {}).items()}
        for place, line in beside:
            kept.insert(place, (named.get(line["LineItemID"]), line))
        items = [
            {name: value for name, value in item.items() if name not in FIGURES} | _text_of(item, known)
            | {name: Decimal(value) for name, value in theirs[item["LineItemID"]].items()}
            for _key, item in kept
        ]  # fmt: skip
        payload = payload | {"LineAmountTypes": known["types"], "LineItems": items}
        expected = {"Total": known["total"], "TotalTax": known["tax"]}
        return payload, [key for key, _item in kept], expected, {"figures": known}

    def _link_values(self, note, item):
        values = super()._link_values(note, item)
        figures = (note.get("remote") or {}).get("figures")
        return values | {"remote": values["remote"] | {"figures": figures}} if figures else values


def _digest(payload):
    """Of the figures in which we write a document."""
    lines = [[item.get(name) for name in FIGURES] for item in payload["LineItems"]]
    return digest_of([payload["LineAmountTypes"], lines])


def _told(ours, theirs):
    """Where one amount stands for a multiplication, the text tells it: what so ends the one and not the other.

    :return: [end of ours, end of theirs], or None
    """
    if ours.startswith(f"{theirs} ("):
        return [ours[len(theirs) :], ""]
    return ["", theirs[len(ours) :]] if theirs.startswith(f"{ours} (") else None


def _text_of(item, known):
    """Our text, told as Xero's figures want it."""
    ours, theirs = (known.get("texts") or {}).get(item["LineItemID"], ("", ""))
    return {"Description": item["Description"].removesuffix(ours) + theirs} if ours or theirs else {}


def _figures(payload, item):
    """What is remembered of a document that Xero writes in other figures than we would; {} where they are ours."""
    ours, theirs = payload.get("LineItems") or [], members(item, "LineItems")
    if not ours or not all(line.get("LineItemID") for line in theirs):
        return {}
    same = item.get("LineAmountTypes") == payload["LineAmountTypes"] and len(ours) == len(theirs)
    if same and all(
        number(mine.get(name)) == number(line.get(name))
        for mine, line in zip(ours, theirs, strict=True) for name in COMPARED
    ):  # fmt: skip
        return {}
    lines = {
        line["LineItemID"]: {
            name: str(number(line[name]))
            for name in FIGURES if line.get(name) is not None and line.get("UnitAmount") is not None  # else a text
        }
        for line in theirs
    }  # fmt: skip
    mine = {line.get("LineItemID"): line for line in ours}
    texts = {
        line["LineItemID"]: told for line in theirs if line["LineItemID"] in mine
        and (told := _told(mine[line["LineItemID"]].get("Description") or "", line.get("Description") or ""))
    }  # fmt: skip
    beside = [  # as the cents of Xero's way of rounding: in its place, for there is none of ours to send it
        [place, {name: line[name] for name in BESIDE if name in line}]
        for place, line in enumerate(theirs) if line["LineItemID"] not in mine
    ]  # fmt: skip
    return {
        "ours": _digest(payload), "types": item.get("LineAmountTypes") or "Exclusive", "lines": lines,
        "beside": beside, "texts": texts,
        "total": str(number(item.get("Total"))), "tax": str(number(item.get("TotalTax"))),
    }  # fmt: skip

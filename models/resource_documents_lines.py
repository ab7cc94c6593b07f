"""What a document says besides texts and amounts, and a person may have changed on both sides: account, rate, options
of each line, the exchange rate. Told in Xero's terms, for several of ours may be one there."""

from odoo import models

from .codec.money import decimal, round_to
from .codec.received import RATE
from .document_lines import cents_line, lines_beside
from .mapping_resolver import NO_TAX
from .problems import Problem
from .received_document import line_of, read_document
from .resource_documents_in import net_of, short
from .tracking_source import TrackingSource


class XeroResourceDocuments(models.AbstractModel):
    _inherit = "xero.resource.documents"

    def _compare(self, organisation, record, item):
        rows = super()._compare(organisation, record, item)
        link, received = self._links_of(organisation, [item[self._id_key]]), read_document(self._resource, item)
        if link.res_id != record.id:
            return rows  # they never agreed: what is the same document was told by its number and amounts
        groups = {}
        for ours, theirs in paired(link, record, received):
            groups.setdefault(ours, []).append(theirs)
        words = LineWords(organisation, record)
        labels = {"Account": words.account, "TaxType": words.rate}
        if not any(row["label"] == "Tracking" for row in rows):
            labels["Tracking"] = words.options
        for label, ask in labels.items():
            told = [(short(ours.name), *ask(ours, theirs)) for ours, theirs in groups.items()]
            differing = [(text, here, there) for text, here, there in told if here != there]
            if differing:
                rows.append({
                    "label": label, "odoo": "\n".join(f"{text}: {here}" for text, here, _there in differing),
                    "xero": "\n".join(f"{text}: {there}" for text, _here, there in differing),
                })  # fmt: skip
        rate = round_to(decimal(record.invoice_currency_rate), RATE)
        if record.currency_id != record.company_currency_id and received.currency_rate not in (0, rate):
            rows.append({"label": "CurrencyRate", "odoo": str(rate), "xero": str(received.currency_rate)})
        return rows


def paired(link, move, received):
    """Lines that are the same: by Xero's id; what lost that because a bookkeeper wrote it anew, by what it says.

    :return list: ``[(account.move.line, ReceivedLine)]``; several of Xero's may be one of ours
    """
    alone, cents = lines_beside(link, move), cents_line(link, move)
    ours = {line.id: line for line in move.invoice_line_ids - cents if line.display_type == "product"}
    theirs = {line.line_id: line for line in received.lines if not line.is_text and line.line_id not in alone}
    known = ((link.remote or {}).get("lines") or {}).items()
    pairs = [
        (ours[line_of(key)], theirs[line_id]) for key, line_id in known
        if line_id in theirs and line_of(key) in ours
    ]  # fmt: skip
    rest_here, rest_there = dict(ours), dict(theirs)
    for mine, their in pairs:
        rest_here.pop(mine.id, None)
        rest_there.pop(their.line_id)
    free = {}
    for line in rest_there.values():
        free.setdefault((short(line.description), f"{net_of(received, line):.2f}"), []).append(line)
    for line in rest_here.values():
        if same := free.get((short(line.name), f"{line.price_subtotal:.2f}")):
            pairs.append((line, same.pop(0)))
    return pairs


class LineWords:
    """What is said of a line here and at Xero, as people read it; equal where it means the same.

    :param organisation: ``xero.organisation``; move: ``account.move``; theirs: list of ``ReceivedLine``
    """

    def __init__(self, organisation, move):
        self.env = organisation.env
        self.resolver = organisation._mapping_resolver()
        self.side = "sale" if move.is_sale_document(include_receipts=True) else "purchase"
        self.accounts, self.by_code, self.rates = {}, {}, {}
        here = [("organisation_id", "=", organisation.id)]
        for account in self.env["xero.account"].with_context(active_test=False).search(here):
            self.accounts[account.xero_id] = self.by_code[account.code] = account.display_name
        for rate in self.env["xero.tax.rate"].with_context(active_test=False).search(here):
            self.rates[rate.tax_type] = rate.name
        self.tracking = TrackingSource(organisation, [
            {"analytic_distribution": line.analytic_distribution} for line in move.invoice_line_ids
        ])  # fmt: skip
        options = self.env["xero.tracking.option"].with_context(active_test=False).search(here)
        self.options_by_id = {option.xero_id: option.name for option in options}

    def account(self, ours, theirs):
        categories = tuple(
            int(part) for part in reversed((ours.product_id.categ_id.parent_path or "").split("/")) if part
        )
        try:
            sent_to = self.resolver.account(ours.product_id.id or None, categories, ours.account_id.id, self.side)
            here = self.accounts[sent_to.xero_id]
        except Problem:
            here = ours.account_id.display_name
        there = [self.accounts.get(line.account_id) or self.by_code.get(line.account_code) or line.account_code
                 for line in theirs]  # fmt: skip
        return here, _joined(there)

    def rate(self, ours, theirs):
        try:
            here = self._rate_name(self.resolver.tax(tuple(ours.tax_ids.ids), self.side).tax_type)
        except Problem:
            here = ", ".join(ours.tax_ids.mapped("name"))
        return here, _joined(self._rate_name(line.tax_type) for line in theirs)

    def _rate_name(self, tax_type):
        """Without tax is one thing, however Xero calls it."""
        if not tax_type or tax_type in NO_TAX:
            tax_type = next((one for one in NO_TAX if one in self.rates), NO_TAX[0])
        return self.rates.get(tax_type, tax_type)

    def options(self, ours, theirs):
        """Of the categories that a plan stands for; a distribution over several is several lines there."""
        ids = {int(part) for key in ours.analytic_distribution or () for part in key.split(",")}
        here = [self.tracking.links[one].xero_id or str(one) for one in ids if one in self.tracking.links]
        mine = self.tracking.category_ids
        there = [option for line in theirs for category, option in line.tracking if category in mine]
        return tuple(_joined(self.options_by_id.get(one, one) for one in some) for some in (here, there))


def _joined(names):
    return ", ".join(sorted(set(filter(None, names))))

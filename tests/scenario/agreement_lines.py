"""Whether the lines of a document say the same on both sides: text, account, tax, what they come to, which region.

By the mappings, which a person made: what the addon noted of lines is not asked.
"""

import re
from collections import defaultdict

CENTS, CENT = 2, 0.01
LUMP = re.compile(r" \([\d.-]+ × [\d.-]+( − [\d.]+ %)?\)$")  # one unit of the whole: what it stands for is told
TEXTS = ("line_section", "line_subsection", "line_note")
NO_TAX = "NONE"
NOWHERE = "no region"


class Lines:
    """:param organisation: its mappings are read once"""

    def __init__(self, organisation):
        self.rounding = organisation.rounding_account_id.code
        self.defaults = organisation.revenue_account_id.code, organisation.expense_account_id.code
        mapped = organisation.env["xero.account.mapping"].search([("organisation_id", "=", organisation.id)])
        self.accounts = {mapping.account_id.id: mapping.xero_account_id.code for mapping in mapped}
        taxes = organisation.env["xero.tax.mapping"].search([("organisation_id", "=", organisation.id)])
        self.rates = {
            (mapping.direction, frozenset(mapping.tax_ids.ids)): mapping.xero_tax_rate_id.tax_type for mapping in taxes
        }

    def differences(self, move, item):
        """:return list: in words"""
        ours, theirs = self._here(move), self._there(item)
        told = [
            f"{what} {sorted(map(str, ours[what]))} here, {sorted(map(str, theirs[what]))} there"
            for what in ("texts", "accounts", "taxes") if sorted(ours[what]) != sorted(theirs[what])
        ]  # fmt: skip
        most = CENT * max(len(move.invoice_line_ids), len(item["LineItems"]))
        for what in ("nets", "regions"):
            for key in sorted(ours[what].keys() | theirs[what].keys()):
                amounts = round(ours[what].get(key, 0), CENTS), round(theirs[what].get(key, 0), CENTS)
                # where a price holds its tax, each side splits it by the cent
                if abs(amounts[0] - amounts[1]) > most + CENT / 2:
                    told.append(f"{what[:-1]} {key}: {amounts[0]} here, {amounts[1]} there")
        return told

    def _said(self):
        return {"texts": set(), "accounts": set(), "taxes": set(), "nets": defaultdict(float),
                "regions": defaultdict(float)}  # fmt: skip

    def _add(self, said, text, account, tax, shares):
        """:param dict shares: {region: amount without tax}"""
        said["texts"].add(text)
        said["accounts"].add((text, account))
        said["taxes"].add((text, tax))
        for region, amount in shares.items():
            said["nets"][text] += amount
            said["regions"][region] += amount

    # ---- here -------------------------------------------------------------------------------------------

    def _here(self, move):
        said, sale = self._said(), move.is_sale_document(include_receipts=True)
        for line in move.invoice_line_ids:
            if line.display_type in TEXTS:
                said["texts"].add(_text(line.name))
            elif not self._is_cents(line):
                account = self.accounts.get(line.account_id.id) or self.defaults[0 if sale else 1]
                taxes = "sale" if sale else "purchase", frozenset(line.tax_ids.ids)
                tax = self.rates.get(taxes, "?") if line.tax_ids else self.rates.get(taxes, NO_TAX)
                self._add(said, _text(line.name), account, tax, self._shares(line))
        return said

    def _is_cents(self, line):
        few = CENT * len(line.move_id.invoice_line_ids)
        return line.name == "Rounding" and not line.tax_ids and abs(line.price_subtotal) <= few

    def _shares(self, line):
        net, shares = line.move_id.direction_sign * line.amount_currency, defaultdict(float)
        for key, percent in (line.analytic_distribution or {}).items():
            shares[line.env["account.analytic.account"].browse(int(key)).name] += net * percent / 100
        shares[NOWHERE] += net - sum(shares.values())
        return shares

    # ---- there ------------------------------------------------------------------------------------------

    def _there(self, item):
        said, inclusive = self._said(), item["LineAmountTypes"] == "Inclusive"
        for line in item["LineItems"]:
            text = _text(line.get("Description"))
            if not line.get("AccountCode"):
                said["texts"].add(text)
            elif line["AccountCode"] != self.rounding:
                net = float(line["LineAmount"]) - (float(line["TaxAmount"]) if inclusive else 0)
                region = ", ".join(entry["Option"] for entry in line.get("Tracking") or ()) or NOWHERE
                self._add(said, text, line["AccountCode"], line.get("TaxType") or NO_TAX, {region: net})
        return said


def _text(text):
    return " ".join(LUMP.sub("", (text or "-").strip()).split()) or "-"

"""Whether two sets of books say the same: read from the database and from Xero's own door, not by the addon's code."""

import re

from .agreement_lines import Lines

CENTS, RATE = 2, 6
SALES = ("out_invoice", "out_receipt", "out_refund")
RESOURCES = {
    "Invoices": ("out_invoice", "in_invoice", "out_receipt", "in_receipt"), "CreditNotes": ("out_refund", "in_refund"),
}  # fmt: skip
ENDED = ("VOIDED", "DELETED")
MONEY = ("bank", "cash", "credit")
CONTROL = ("asset_receivable", "liability_payable")
STANDING = ("AUTHORISED", "PAID", "DRAFT", "SUBMITTED", "ACTIVE")
# what the addon keeps apart and Xero does not
AT_XERO = {"WriteOffs": "Payments", "PaymentsWithoutEntry": "Payments", "Surplus": "BankTransactions",
           "Discounts": "CreditNotes"}  # fmt: skip


class Agreement:
    """:param test: a ``ScenarioCommon``; nothing is asked of it but the two sides"""

    def __init__(self, test):
        self.env = test.env
        self.sim = test.sim
        self.organisation = test.organisation
        self.env.invalidate_all()
        self.rounding = self.organisation.rounding_account_id.code
        self.lines = Lines(self.organisation)
        self.links = self._read_links()
        self.contacts = self._read_contacts()

    def differences(self):
        """What differs, in words: every document of one side is on the other, with the same number, contact, currency,
        days, rate, lines (text, account, tax, amount, region), tax, total, due amount, status, and as many payments and
        allocations of the same amounts; and every credit, every expense, every contact with its name, e-mail, phone and
        address. What was deleted here and stays there is told, as long as it stays.

        :rtype: list
        """
        wrong = [f"waits: {words}" for words in self.waiting()]
        for resource, move_types in RESOURCES.items():
            wrong += self._documents(resource, move_types)
        wrong += self._credits() + self._expenses() + self._people()
        rows = self.env["xero.difference"].search([("state", "=", "open")])
        return wrong + [f"difference: {row.name} {row.reason} {row.values}" for row in rows]

    # ---- reading ----------------------------------------------------------------------------------------

    def _read_links(self):
        """{(resource, record id): link}"""
        links = self.env["xero.link"].search([("organisation_id", "=", self.organisation.id)])
        return {(link.resource, link.res_id): link for link in links}

    def _read_contacts(self):
        """{ContactID: the contact}, archived and merged ones too"""
        return {contact["ContactID"]: contact for contact in self._all("Contacts", includeArchived="true")}

    def _all(self, resource, **query):
        page, items = 1, []
        while True:
            answer = self.sim.books("NZ", resource, page=page, pageSize=1000, **query)
            items += answer[resource]
            if page >= answer.get("pagination", {"pageCount": 1})["pageCount"]:
                return items
            page += 1

    def waiting(self):
        items = self.env["xero.work.item"].search([("organisation_id", "=", self.organisation.id)])
        return [
            (item.resource, item.name, item.state, item.message) for item in items
            if item.state != "gone" or not self.stands(item.link_id)
        ]  # fmt: skip

    def stands(self, link):
        """Whether Xero's copy of what was deleted here is there, be it free for another record by now."""
        resource = AT_XERO.get(link.resource, link.resource)
        xero_id = link.xero_id or (link.remote or {}).get("was")
        if not xero_id:
            return False
        if resource in ("Allocations", "DiscountAllocations"):
            source = link.remote["source"]
            [item] = self.sim.books("NZ", f"{source}/{link.remote['source_id']}")[source]
            return xero_id in [one["AllocationID"] for one in item["Allocations"]]
        [item] = self.sim.books("NZ", f"{resource}/{xero_id}")[resource]
        return item.get("Status", item.get("ContactStatus")) in STANDING

    # ---- documents --------------------------------------------------------------------------------------

    def _documents(self, resource, move_types):
        id_key = f"{resource[:-1]}ID"
        there = {item[id_key]: item for item in self._all(resource)}
        payments, allocations = self._payments_there(), self._allocations_there()
        moves = self.env["account.move"].search(
            [("move_type", "in", move_types), ("company_id", "=", self.organisation.company_id.id)]
        )
        wrong, seen = [], set()
        for move in moves:
            link = self.links.get((resource, move.id))
            item = there.get(link.xero_id) if link else None
            if item is None:
                if move.state == "posted":
                    wrong.append(f"not there: {move.name} {link and (link.outcome, link.error_message)}")
                continue
            seen.add(item[id_key])
            theirs = payments.get(item[id_key], []), allocations.get(item[id_key], [])
            wrong += [f"{move.name or move.ref}: {words}" for words in self._differ(move, item, *theirs)]
        living = (item for key, item in there.items() if key not in seen and item["Status"] not in ENDED)
        return wrong + [f"not here: {item}" for item in living]

    def _differ(self, move, item, payments, allocations):
        ended = item["Status"] in ENDED
        if ended or move.state == "cancel":
            return [] if ended and move.state == "cancel" else [f"{move.state} here, {item['Status']} there"]
        draft = item["Status"] in ("DRAFT", "SUBMITTED")
        if draft or move.state == "draft":
            return [] if draft and move.state == "draft" else [f"{move.state} here, {item['Status']} there"]
        wrong = []
        for what, ours, theirs in (
            ("number", self._number(move), item.get("InvoiceNumber", item.get("CreditNoteNumber"))),
            ("contact", self._contact(move.commercial_partner_id), self._stays(item["Contact"]["ContactID"])),
            ("currency", move.currency_id.name, item["CurrencyCode"]),
            ("day", str(move.invoice_date), item["DateString"][:10]),
            ("due day", *self._due_days(move, item)),
            ("rate", *self._rates(move, item)),
            ("reference", move.ref or "" if move.move_type in SALES else "", item.get("Reference", "")),
            ("paid", move.payment_state in ("paid", "in_payment", "reversed"), item["Status"] == "PAID"),
            ("total", round(move.amount_total, CENTS), float(item["Total"])),
            ("due", round(move.amount_residual, CENTS), float(item.get("AmountDue", item.get("RemainingCredit")))),
            ("payments", *self._money(move, self._is_payment, payments)),
            ("allocations", *self._money(move, self._is_credit, allocations)),
        ):  # fmt: skip
            if ours != theirs:
                wrong.append(f"{what} {ours} here, {theirs} there")
        ours, theirs = round(move.amount_tax, CENTS), float(item["TotalTax"])
        # cents of tax that the two round otherwise stand on a line of their own, for everybody to see
        if ours not in (theirs, round(theirs + self._rounded(item), CENTS)):
            wrong.append(f"tax {ours} here, {theirs} there")
        return wrong + self.lines.differences(move, item)

    def _due_days(self, move, item):
        """Of credit notes Xero has one, and nobody sends it."""
        if "DueDateString" not in item or "CreditNoteID" in item:
            return "", ""
        return str(move.invoice_date_due or move.invoice_date), item["DueDateString"][:10]

    def _rates(self, move, item):
        if move.currency_id == move.company_currency_id:
            return 1, 1
        return round(move.invoice_currency_rate, RATE), round(float(item["CurrencyRate"]), RATE)

    def _number(self, move):
        return move.name if move.move_type in SALES else move.ref or move.name

    def _contact(self, partner):
        link = self.links.get(("Contacts", partner.id))
        return self._stays(link.xero_id) if link else None

    def _stays(self, contact_id):
        """Where a contact was merged, the one that it went into."""
        while contact_id and (merged := self.contacts[contact_id].get("MergedToContactID")):
            contact_id = merged
        return contact_id

    def _rounded(self, item):
        lines = item["LineItems"]
        return sum(float(line["LineAmount"]) for line in lines if line.get("AccountCode") == self.rounding)

    # ---- money on documents -----------------------------------------------------------------------------

    def _money(self, move, is_of, theirs):
        """(amounts here, amounts there), ascending"""
        lines = move.line_ids.filtered(lambda line: line.account_type in CONTROL)
        amounts = []
        for partials, mine, others in (
            (lines.matched_credit_ids, "debit_amount_currency", "credit_move_id"),
            (lines.matched_debit_ids, "credit_amount_currency", "debit_move_id"),
        ):  # fmt: skip
            amounts += [round(p[mine], CENTS) for p in partials if is_of(p, p[others].move_id) and p[mine]]
        return sorted(amounts), sorted(theirs)

    def _is_payment(self, partial, move):
        return move.move_type == "entry" and move.journal_id.type in MONEY and not self._is_credit(partial, move)

    def _is_credit(self, partial, move):
        """Whether it is credit at Xero: of a credit note, or of a payment that stands there as an overpayment. What
        such a payment was matched with when it was made, is a payment all the same."""
        if move.is_invoice():
            return True
        credit = self._living("Overpayments", move.origin_payment_id.id)
        return bool(credit and not self._living("Payments", partial.id))

    def _living(self, resource, res_id):
        link = self.links.get((resource, res_id))
        return link if link and link.xero_id and link.xero_status not in ENDED else None

    def _payments_there(self):
        """{id of a document: amounts}"""
        found = {}
        for payment in self._all("Payments"):
            if payment["Status"] == "AUTHORISED":
                for target in ("Invoice", "CreditNote", "Overpayment", "Prepayment"):
                    if target in payment:
                        found.setdefault(payment[target][f"{target}ID"], []).append(float(payment["Amount"]))
        return found

    def _allocations_there(self):
        """{id of a document: amounts}, of the invoice as of the credit note"""
        found = {}
        for resource in ("CreditNotes", "Overpayments", "Prepayments"):
            for source in self._all(resource):
                for allocation in source.get("Allocations", ()):
                    for key in (source[f"{resource[:-1]}ID"], allocation["Invoice"]["InvoiceID"]):
                        found.setdefault(key, []).append(float(allocation["Amount"]))
        return found

    # ---- the rest ---------------------------------------------------------------------------------------

    def _credits(self):
        """Money that is matched with nothing stands at Xero as an overpayment, and the other way round."""
        here, there = {}, {
            item["OverpaymentID"]: float(item["RemainingCredit"])
            for item in self._all("Overpayments") if item["Status"] not in ENDED
        }  # fmt: skip
        payments = self.env["account.payment"].search([
            ("state", "in", ("paid", "in_process")), ("company_id", "=", self.organisation.company_id.id),
        ])  # fmt: skip
        for payment in payments:
            lines = payment.move_id.line_ids.filtered(lambda line: line.account_type in CONTROL)
            rest = abs(round(sum(lines.mapped("amount_residual_currency")), CENTS))
            link = self._living("Overpayments", payment.id)
            known = link and link.xero_id
            if rest or known in there:
                here[known or payment.name] = rest
        wrong = []
        for key in here.keys() | there.keys():
            if here.get(key, 0) != there.get(key, 0):
                told = [
                    (link.xero_number, link.outcome, link.error_message, link.xero_status)
                    for link in self.links.values() if link.resource == "Overpayments" and key == link.xero_id
                ]  # fmt: skip
                wrong.append(f"credit {key}: {here.get(key)} here, {there.get(key)} there {told or ''}".rstrip())
        return wrong

    def _expenses(self):
        """What the company spent without a document."""
        there = sorted(
            (item["Reference"], float(item["Total"])) for item in self._all("BankTransactions")
            if item["Type"] == "SPEND" and item["Status"] == "AUTHORISED"
        )  # fmt: skip
        payments = self.env["account.payment"].search([
            ("payment_type", "=", "outbound"), ("state", "in", ("paid", "in_process")),
            ("company_id", "=", self.organisation.company_id.id),
        ])  # fmt: skip
        spent = payments.filtered(
            lambda payment: payment.move_id and not set(payment.move_id.line_ids.mapped("account_type")) & set(CONTROL)
        )
        here = sorted((payment.name, round(payment.amount, CENTS)) for payment in spent)
        return [] if here == there else [f"expenses {here} here, {there} there"]

    def _people(self):
        wrong = []
        for (resource, res_id), link in self.links.items():
            partner = self.env["res.partner"].browse(res_id).exists() if resource == "Contacts" else None
            if not partner or not link.xero_id or link.outcome == "gone":
                continue
            item = self.contacts[link.xero_id]
            ours = (partner.name, partner.email or "", partner.active, _digits(partner.phone),
                    (partner.street or "", partner.city or "", partner.zip or ""))  # fmt: skip
            theirs = (item["Name"], item["EmailAddress"], item["ContactStatus"] == "ACTIVE", _phone(item),
                      _address(item))  # fmt: skip
            if ours != theirs and not item.get("MergedToContactID"):
                wrong.append(f"contact {ours} here, {theirs} there")
        return wrong


def _digits(phone):
    return re.sub(r"\D", "", phone or "")


def _phone(contact):
    """The first that is not empty, Xero's own way of cutting it put together."""
    phones = (
        "".join(one.get(key) or "" for key in ("PhoneCountryCode", "PhoneAreaCode", "PhoneNumber"))
        for one in contact.get("Phones") or () if one["PhoneType"] in ("DEFAULT", "MOBILE")
    )  # fmt: skip
    return next((digits for phone in phones if (digits := _digits(phone))), "")


def _address(contact):
    addresses = (
        tuple(one.get(key) or "" for key in ("AddressLine1", "City", "PostalCode"))
        for one in contact.get("Addresses") or ()
    )  # fmt: skip
    return next((address for address in addresses if any(address)), ("", "", ""))

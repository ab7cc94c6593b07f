"""Makes an Odoo document say what Xero's says: its lines, its taxes, its total to the cent, its state."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from odoo import Command

from .codec.money import decimal, line_amount, round_to
from .codec.received import RATE
from .document_lines import cents_line, lines_beside
from .document_total import DocumentTotal
from .problems import Problem
from .received_document import TYPES, line_of, split_lines
from .rematch import Rematch


class DocumentWriter:
    """:param organisation: in superuser mode, its company the environment's
    :param MappingReverse reverse:
    :param dict partners: {ContactID: res.partner} of the contacts that are here
    :param analytic: function (tracking, distribution so far) -> the analytic distribution, or None where what it is now
        is nothing of Xero's. :raise Problem:
    """

    def __init__(self, organisation, reverse, partners, analytic=None):
        self.organisation = organisation
        self.reverse = reverse
        self.partners = partners
        self.analytic = analytic or (lambda tracking, current: None)
        self.env = organisation.env
        self._resolver = None
        self.total = DocumentTotal(reverse)
        precision = self.env["decimal.precision"]
        self.steps = {
            name: Decimal(1).scaleb(-precision.precision_get(usage))
            for name, usage in (("price", "Product Price"), ("quantity", "Product Unit"), ("discount", "Discount"))
        }

    # ---- creating -----------------------------------------------------------------------------------

    def make(self, received):
        """A new document, in the state that Xero's has.

        :param Received received:
        :return: ``account.move``
        :raise Problem: what is not mapped, or cannot be reproduced to the cent
        """
        move_type, side = TYPES[received.type]
        values = self._header(received, side) | {
            "move_type": move_type,
            "journal_id": self.organisation._journal_for(side).id,
            "invoice_line_ids": [Command.create(vals) for vals in self._lines(received, side)],
        }
        if side == "sale":
            values["name"] = self._free_number(received, values["journal_id"])
        move = self.env["account.move"].create(values)
        self.total.settle(move, received)
        if received.stage == "approved":
            move._post(soft=False)
        return move

    def _free_number(self, received, journal_id, move=None):
        """Xero's number, which Odoo takes once in a journal. :raise Problem: ``incoming_number``"""
        name = received.number or f"XERO-{received.xero_id[:8]}"
        taken = self.env["account.move"].search([
            ("journal_id", "=", journal_id), ("name", "=", name), ("state", "=", "posted"),
            ("id", "!=", move.id if move else False),
        ], limit=1)  # fmt: skip
        if taken:
            raise Problem("incoming_number", number=name, other=taken.display_name, journal=taken.journal_id.name)
        return name

    # ---- updating -----------------------------------------------------------------------------------

    def update(self, move, received, link):
        """Bring ``move`` to what Xero says, with as little as possible: a posted entry is opened only for amounts.

        :raise Problem: ``incoming_paid``: its amounts change, and money is on it here that cannot be matched again
        """
        if received.stage == "ended":
            return self._end(move)
        if move.state == "cancel":
            move.button_draft()  # it lives there, and that is what counts
        _move_type, side = TYPES[received.type]
        header = self._header_changes(move, received, side)
        if side == "sale" and link.from_xero and received.number and move.name != received.number:
            header["name"] = self._free_number(received, move.journal_id.id, move)
        lines, rematch, posted = self._line_commands(move, received, side, link), None, move.state == "posted"
        same = not move.currency_id.compare_amounts(move.amount_total, float(received.total))
        if same and not header.keys() - SOFT and all(_is_soft(command) for command in lines):
            self._write_soft(move, header, lines)
        else:
            rematch = self._loosen(move)
            self._open(move)
            move.write(header | ({"invoice_line_ids": lines} if lines else {}))
            self.total.settle(move, received)
        if move.state == "draft" and (posted or received.stage == "approved"):
            move._post(soft=False)
        if rematch:
            rematch.match_again()
        return move

    def _loosen(self, move):
        """What it is matched with is undone until it says what Xero says.

        :return: ``Rematch``, or None where there is nothing to undo
        :raise Problem: ``incoming_paid``
        """
        if move.state == "draft" or not (move.line_ids.matched_debit_ids or move.line_ids.matched_credit_ids):
            return None
        rematch = Rematch(self.organisation, move)
        rematch.undo()
        return rematch

    def _write_soft(self, move, header, commands):
        """What a posted document takes. Its lines only one by one; its payment term not at all, but its due date."""
        if move.state == "posted":
            header.pop("invoice_payment_term_id", None)
        if header:
            move.write(header)
        for _update, line_id, changed in commands:
            move.invoice_line_ids.browse(line_id).write(changed)

    def _open(self, move):
        """Back to draft, where amounts may change. :raise Problem: money is on it"""
        if move.state == "draft":
            return
        if any(line.matched_debit_ids or line.matched_credit_ids for line in move.line_ids):
            raise Problem("incoming_paid", number=move.name)
        move.button_draft()

    def _end(self, move):
        """Voided or deleted in Xero: cancelled here. :raise Problem: money is on it"""
        if move.state == "cancel":
            return move
        self._open(move)
        move.button_cancel()
        return move

    def _header_changes(self, move, received, side):
        """What Xero says otherwise. What Xero does not know of stays: the person at the customer, instalments of the
        same due date, further decimals of a rate, a bill's own number where the supplier's is not known."""
        header = self._header(received, side)
        changed = {
            name: value
            for name, value in header.items()
            if (self._as_written(move, name) or False) != (value or False)
        }
        if "partner_id" in changed and self._stands_for(move._xero_partner(), received.contact_id):
            del changed["partner_id"]
        if not changed.keys() & {"invoice_date", "invoice_date_due"}:
            changed.pop("invoice_payment_term_id", None)
        if side == "purchase" and received.number == move._xero_number():
            changed.pop("ref", None)
        return changed

    def _stands_for(self, partner, contact_id):
        """Whether ``partner`` is that contact's, or its own was merged into that one."""
        if partner == self.partners[contact_id]:
            return True
        link = self.env["xero.link"].search([
            ("organisation_id", "=", self.organisation.id), ("resource", "=", "Contacts"),
            ("res_model", "=", "res.partner"), ("res_id", "=", partner.id),
        ])  # fmt: skip
        return (link.remote or {}).get("merged_to") == contact_id

    def _as_written(self, move, name):
        """The value of a field as :meth:`_header` writes it: days are text, rates have Xero's decimals."""
        value = move._fields[name].convert_to_write(move[name], move)
        if name == "invoice_currency_rate":
            return float(round_to(decimal(value), RATE))
        return str(value) if isinstance(value, date) else value

    # ---- header -------------------------------------------------------------------------------------

    def _header(self, received, side):
        partner = self.partners.get(received.contact_id)
        if not partner:
            raise Problem("incoming_contact", contact_id=received.contact_id)
        currency = self.reverse.currency(received.currency)
        values = {
            "partner_id": partner.id,
            "currency_id": currency.id,
            "invoice_date": received.date or False,
            "invoice_date_due": received.due_date or received.date or False,
            "invoice_payment_term_id": False,
            # the number of a supplier's document is its reference here; a customer's has both
            "ref": (received.reference if side == "sale" else received.number) or False,
        }
        if currency != self.organisation.company_id.currency_id and received.currency_rate:
            values["invoice_currency_rate"] = float(received.currency_rate)
        return values

    # ---- lines --------------------------------------------------------------------------------------

    def _lines(self, received, side):
        return [self._line(line, received, side) for line in received.lines]

    def _line(self, line, received, side, taxes=None):
        """:param taxes: ids, where others than the first choice do as well"""
        if line.is_text:
            return {"display_type": "line_note", "name": line.description or "-"}
        if not (line.account_code or line.account_id):
            raise Problem("incoming_unfinished", line=line.description or "-")
        if taxes is None:
            taxes = self.reverse.taxes(line.tax_type, side, received.inclusive)
        return self._amounts(line, received, taxes) | {
            "account_id": self.reverse.account(line.account_code, line.account_id, side),
            "tax_ids": [Command.set(taxes)],
            "product_id": False,
        } | self._distribution(line.tracking, False)

    def _distribution(self, tracking, current):
        distribution = self.analytic(tracking, current)
        return {} if distribution is None else {"analytic_distribution": distribution}

    def _amounts(self, line, received, taxes):
        """Quantity, price and discount as Xero has them where Odoo multiplies them out to the same; else one unit."""
        within = self._within(taxes)
        amount = line.line_amount
        if within and not received.inclusive:
            amount += line.tax_amount
        elif not within and received.inclusive:
            amount -= line.tax_amount
        description = line.description or "-"
        plain = amount == line.line_amount and not line.discount_amount
        parts = {"price": line.unit_amount, "quantity": line.quantity, "discount": line.discount}
        if plain and all(value == value.quantize(self.steps[name]) for name, value in parts.items()):
            if line_amount(line.quantity, line.unit_amount, line.discount) == amount:
                return {
                    "name": description, "quantity": float(line.quantity), "price_unit": float(line.unit_amount),
                    "discount": float(line.discount),
                }  # fmt: skip
        if line.quantity and amount and not line.discount and not line.discount_amount:
            unit = (amount / line.quantity).quantize(self.steps["price"], rounding=ROUND_HALF_UP)
            if line.quantity == line.quantity.quantize(self.steps["quantity"]) and (
                line_amount(line.quantity, unit) == amount
            ):
                return {
                    "name": description, "quantity": float(line.quantity), "price_unit": float(unit), "discount": 0.0,
                }  # fmt: skip
        return {"name": description, "quantity": 1.0, "price_unit": float(amount), "discount": 0.0}

    def _within(self, tax_ids):
        taxes = self.env["account.tax"].browse(tax_ids)
        return any(tax.price_include for tax in taxes.flatten_taxes_hierarchy())

    def _line_commands(self, move, received, side, link):
        """What makes the lines of ``move`` those of Xero's; a line keeps its identity by its LineItemID."""
        ours = {line.id: line for line in move.invoice_line_ids}
        named = ((link.remote or {}).get("lines") or {}).items()
        known = {line_id: int(key) for key, line_id in named if key.isdigit()}
        whole, alone = split_lines(link, received), lines_beside(link, move)
        lines = {}  # in Xero's order: {id: what changes on it}; of a new one {("new", place): all of it}
        for place, received_line in enumerate(received.lines):
            if received_line.line_id in alone:
                continue
            line = ours.get(known.get(received_line.line_id))
            if received_line.line_id in whole:
                if (line_id := line_of(whole[received_line.line_id])) in ours:
                    lines.setdefault(line_id, {})
            elif line is None:
                lines["new", place] = self._line(received_line, received, side)
            else:
                lines[line.id] = self._line_changes(line, received_line, received, side)
        _put_in_order(ours, lines)
        commands = [
            Command.update(key, values) if key in ours else Command.create(values)
            for key, values in lines.items() if values
        ]  # fmt: skip
        cents = cents_line(link, move)
        gone = [Command.delete(line_id) for line_id in ours if line_id not in lines and line_id not in cents.ids]
        if cents and not all(_is_soft(command) for command in commands + gone):
            gone.append(Command.delete(cents.id))  # what is left is settled anew
        return commands + gone

    def _line_changes(self, line, received_line, received, side):
        """What differs on a line; an amount that is the same stays written as a person wrote it here, and so do taxes
        that are the same rate at Xero."""
        same_taxes = () if received_line.is_text else self.reverse.same_taxes(received_line.tax_type, side)
        our_taxes = tuple(sorted(line.tax_ids.ids))
        vals = self._line(received_line, received, side, our_taxes if our_taxes in same_taxes else None)
        if vals.get("display_type"):
            return {} if line.name == vals["name"] else {"name": vals["name"]}
        changed = {}
        if line.currency_id.compare_amounts(*self._two_amounts(line, received_line, received)):
            changed |= {name: vals[name] for name in ("quantity", "price_unit", "discount")}
        if line.name != vals["name"] and not vals["name"].startswith((line.name or "") + " ("):
            changed["name"] = vals["name"]
        if line.account_id.id != vals["account_id"] and self._account_moved(line, received_line):
            changed["account_id"] = vals["account_id"]
        if sorted(line.tax_ids.ids) != sorted(vals["tax_ids"][0][2]):
            changed["tax_ids"] = vals["tax_ids"]
        ours = line.analytic_distribution or False
        if (theirs := self._distribution(received_line.tracking, ours)) != {"analytic_distribution": ours}:
            changed |= theirs
        return changed

    def _two_amounts(self, line, received_line, received):
        """(ours, theirs): with the tax where both hold it, else without."""
        if received.inclusive and self._within(line.tax_ids.ids):
            return line.price_total, float(received_line.line_amount)
        net = received_line.line_amount - (received_line.tax_amount if received.inclusive else 0)
        booked = line.move_id.direction_sign * line.amount_currency  # shares of a rounding included
        return booked, float(net)

    def _account_moved(self, line, received_line):
        """Whether Xero's account is another one than ours goes to: several of ours may go to the same."""
        if self._resolver is None:
            self._resolver = self.organisation._mapping_resolver()
        side = "sale" if line.move_id.is_sale_document(include_receipts=True) else "purchase"
        categories = tuple(
            int(part) for part in reversed((line.product_id.categ_id.parent_path or "").split("/")) if part
        )
        try:
            sent_to = self._resolver.account(line.product_id.id or None, categories, line.account_id.id, side)
        except Problem:
            return True
        return sent_to.xero_id != received_line.account_id

# What a posted document and its lines may change without being opened.
SOFT = {"ref", "invoice_date_due", "invoice_payment_term_id", "name"}
SOFT_ON_LINES = {"name", "analytic_distribution", "sequence"}


def _put_in_order(ours, lines):
    """Number the lines, where they would not stand as in Xero: a line of the bookkeeper's between two others, say.

    :param dict ours: {id: line}
    :param dict lines: {id, or what is no id: values}, in Xero's order; gets the numbers
    """
    here = sorted(lines.keys() & ours.keys(), key=lambda line_id: (ours[line_id].sequence, line_id))
    if list(lines) != here + [key for key in lines if key not in ours]:  # what is new would come last
        for place, values in enumerate(lines.values(), 1):
            values["sequence"] = place


def _is_soft(command):
    return command[0] == Command.UPDATE and not command[2].keys() - SOFT_ON_LINES

"""Line items: what is read of one, which account and tax it may name, what it comes to."""
from collections import Counter
from decimal import Decimal

from ..core.ids import new_id
from ..core.wire import Scientific
from . import texts
from .accounts import takes_lines
from .fields import Refused, amount, as_guid, guid, members, text
from .rounding import HUNDRED, ONE, ZERO, discount, half_up, line_amount, tax
from .tax_rates import APPLIES
from .tracking import find

LARGEST = Decimal("9999999999.99")
LARGEST_QUANTITY = 10**13
DESCRIPTION = 4000
AMOUNTS = ("Quantity", "UnitAmount", "LineAmount", "DiscountRate", "DiscountAmount", "TaxAmount")
TRACKED = 2  # tracking categories on one line


class LineReader:
    """Reads the lines of one document.

    :param complete: the document is approved or awaits it, so that every line needs an account
    :param discounts: lines may carry a discount (sales invoices only)
    :param forgiving: an unknown account is taken out with a warning instead of refused (draft bills)
    :param fixed_account: the account that all lines go to whatever they say (overpayments)
    :param computed_tax: a TaxAmount must be what it is computed to be (bank transactions)
    :param old_types: the document's LineAmountTypes so far
    """

    def __init__(
        self, writing, line_amount_types, complete, discounts=False, forgiving=False, fixed_account=None,
        computed_tax=False, old_types=None,
    ):
        self.books = writing.books
        self.places = writing.places
        self.warnings = writing.warnings
        self.types = line_amount_types
        self.complete = complete
        self.discounts = discounts
        self.forgiving = forgiving
        self.fixed_account = fixed_account
        self.computed_tax = computed_tax
        self.same_types = old_types == line_amount_types
        self.problems = []

    def read(self, elements, old_lines=()):
        """Rows for ``elements``; a LineItemID keeps the identity and the unsent parts of an old line, and an old
        line that is not sent is gone. :raise Refused: with every problem of every line"""
        known = {line["LineItemID"]: line for line in old_lines}
        rows = [self._line(element, known) for element in elements]
        sent = Counter(row["LineItemID"] for row in rows)
        self.problems += [texts.LINE_TWICE.format(line_id) for line_id, times in sent.items() if times > 1]
        if self.problems:
            raise Refused(*dict.fromkeys(self.problems))
        return rows

    def again(self, old_lines):
        """The old lines; under changed LineAmountTypes their tax is computed anew."""
        if self.same_types:
            return old_lines
        rows = []
        for line in old_lines:
            rate = self.books.tax_rates.get(line["TaxType"]) if line["TaxType"] else None
            percent = rate["EffectiveRate"] if rate else None
            rows.append({**line, "TaxAmount": tax(line["LineAmount"], percent, self.types)})
        return rows

    # ---- one line ------------------------------------------------------------------------------

    def _line(self, element, known):
        line_id = guid(element, "LineItemID")
        old = known.get(line_id)
        if line_id and old is None and known:
            self.problems.append(texts.LINE_UNKNOWN)
        description = text(element, "Description")
        if description and len(description) > DESCRIPTION:
            self.problems.append(texts.TOO_LONG.format("Description", DESCRIPTION))
        if description is None and old:
            description = old["Description"]
        account = self._account(element, old)
        row = {
            "LineItemID": line_id if old else new_id(),
            "Description": description,
            "ItemCode": self._item(element, old),
            "AccountID": account["AccountID"] if account else None,
            "Tracking": self._tracking(element, old),
        }
        self._amounts(row, element, old)
        self._tax(row, element, old, account)
        if not row["Description"] and not row["ItemCode"]:  # of drafts too
            self.problems.append(texts.DESCRIPTION_MISSING)
        if self.complete:
            self._check_complete(row, element)
        return row

    def _check_complete(self, row, element):
        unnamed = not element.get("AccountCode") and not element.get("AccountID")
        if unnamed and row["AccountID"] is None and row["UnitAmount"] is not None:
            self.problems.append(texts.ACCOUNT_MISSING)

    def _item(self, element, old):
        code = text(element, "ItemCode")
        if code:
            self.problems.append(texts.ITEM_UNKNOWN.format(code))  # these books keep no items
        return old["ItemCode"] if old else None

    def _account(self, element, old):
        if self.fixed_account:
            return self.fixed_account
        code, account_id = text(element, "AccountCode"), as_guid(element.get("AccountID"))
        if not code and not account_id:
            account_id = old["AccountID"] if old else None
            if not account_id:
                return None
        account = self.books.account(code, None if code else account_id)
        name = code or (account or {}).get("Code") or account_id
        if account is None or not takes_lines(account):
            if self.forgiving:
                self.warnings.append(texts.ACCOUNT_REMOVED.format(name))
            else:
                self.problems.append(texts.ACCOUNT_UNKNOWN.format(name))
            return None
        if account["Status"] != "ACTIVE":
            self.problems.append(texts.ACCOUNT_ARCHIVED.format(name))
        return account

    def _tracking(self, element, old):
        entries = members(element, "Tracking")
        if entries is None:
            return old["Tracking"] if old else ()
        found = (find(self.books, entry) for entry in entries)
        pairs = {
            pair[0]["TrackingCategoryID"]: pair[1]["TrackingOptionID"] for pair in found if pair is not None
        }
        return tuple(pairs.items())[:TRACKED]

    # ---- money -----------------------------------------------------------------------------------

    def _amounts(self, row, element, old):
        sent = {key: amount(element, key) for key in AMOUNTS if key in element}
        if any(value.__class__ is Scientific for value in sent.values()):
            self.problems.extend(texts.SCIENTIFIC)
        quantity, unit, total = sent.get("Quantity"), sent.get("UnitAmount"), sent.get("LineAmount")
        if quantity is unit is total is None and old and not (sent.keys() & {"DiscountRate", "DiscountAmount"}):
            row.update((key, old[key]) for key in AMOUNTS)
            return
        rate, cut = self._discounts(sent)
        if quantity is unit is total is None:  # a line of text only
            row.update(dict.fromkeys(AMOUNTS), LineAmount=ZERO, TaxAmount=ZERO)
            return
        quantity, unit = self._complete_pair(quantity, unit, total, rate, cut)
        expected = line_amount(quantity, unit, rate, cut)
        if total is None:
            total = expected
        else:
            total = half_up(total)
            if sent.get("Quantity") is not None and sent.get("UnitAmount") is not None and total != expected:
                self.problems.append(texts.LINE_TOTAL.format(total, expected))
        if abs(quantity) >= LARGEST_QUANTITY:
            self.problems.append(texts.QUANTITY)
        if max(abs(total), abs(sent.get("TaxAmount") or ZERO)) > LARGEST:
            self.problems.append(texts.AMOUNT_TOO_LARGE)
        row.update(
            Quantity=quantity, UnitAmount=unit, LineAmount=total, DiscountRate=rate, DiscountAmount=cut,
            TaxAmount=sent.get("TaxAmount"),
        )

    def _discounts(self, sent):
        rate, cut = sent.get("DiscountRate"), sent.get("DiscountAmount")
        if (rate or cut) and not self.discounts:
            self.problems.append(texts.DISCOUNT)
        if rate is not None and not 0 <= rate <= HUNDRED:
            self.problems.append(texts.DISCOUNT_RATE)
        return half_up(rate, 4) if rate else None, half_up(cut) if cut else None

    def _complete_pair(self, quantity, unit, total, rate, cut):
        """Quantity (4 decimals) and UnitAmount (``places``); one that was not sent follows from LineAmount."""
        if quantity is not None:
            quantity = half_up(quantity, 4)
        if unit is not None:
            unit = half_up(unit, self.places)
        if total is None:
            return (ONE if quantity is None else quantity), (ZERO if unit is None else unit)
        gross = total + cut if cut else total
        if rate and rate != HUNDRED:
            gross = total * HUNDRED / (HUNDRED - rate)
        if unit is None:
            quantity = ONE if quantity is None else quantity
            return quantity, half_up(gross / quantity, self.places) if quantity else ZERO
        if quantity is None:
            return (half_up(gross / unit, 4) if unit else ONE), unit
        return quantity, unit

    def _tax(self, row, element, old, account):
        if row["UnitAmount"] is None:
            row["TaxType"] = None
            return
        tax_type = text(element, "TaxType") or (old or {}).get("TaxType")
        if self.types == "NoTax":
            row.update(TaxType="NONE", TaxAmount=ZERO)
            return
        if not tax_type:
            tax_type = account.get("TaxType") or "NONE" if account else None
        rate = self.books.tax_rates.get(tax_type) if tax_type else None
        if tax_type and (rate is None or rate["Status"] != "ACTIVE"):
            self.problems.append(texts.TAX_UNKNOWN.format(tax_type))
        elif rate and account and not self.fixed_account and not rate[APPLIES[account["Class"]]]:
            name = account.get("Code") or account["Name"]
            self.problems.append(texts.TAX_NOT_FOR_ACCOUNT.format(tax_type, name))
        row["TaxType"] = tax_type
        given = row["TaxAmount"]
        kept = "TaxAmount" in element or (self.same_types and old and old["TaxType"] == tax_type)
        computed = tax(row["LineAmount"], rate["EffectiveRate"] if rate else None, self.types)
        row["TaxAmount"] = half_up(given) if given is not None and kept else computed
        if self.computed_tax and row["TaxAmount"] != computed:
            self.problems.append(texts.TAX_NOT_COMPUTED.format(row["TaxAmount"], tax_type, computed))


def line_view(books, row, places):
    """A line as it goes out; ``places``: decimals of UnitAmount, 2 or 4."""
    view = {
        "LineItemID": row["LineItemID"],
        "Description": row["Description"],
        "TaxAmount": row["TaxAmount"],
        "LineAmount": row["LineAmount"],
        "Tracking": _tracking_view(books, row["Tracking"]) if row["Tracking"] else [],
        "ValidationErrors": [],
    }
    if row["UnitAmount"] is not None:
        view["UnitAmount"] = half_up(row["UnitAmount"], places)
        view["Quantity"] = half_up(row["Quantity"], 4)
    if row["TaxType"]:
        view["TaxType"] = row["TaxType"]
    if row["AccountID"]:
        account = books.accounts.rows[row["AccountID"]]
        view["AccountID"] = row["AccountID"]
        if account.get("Code"):
            view["AccountCode"] = account["Code"]
    for name in ("ItemCode", "DiscountRate", "DiscountAmount"):
        if row[name]:
            view[name] = row[name]
    return view


def _tracking_view(books, pairs):
    entries = []
    for category_id, option_id in pairs:
        category = books.tracking.get(category_id)
        name = next(option["Name"] for option in category["Options"] if option["TrackingOptionID"] == option_id)
        entries.append({
            "Name": category["Name"], "Option": name, "TrackingCategoryID": category_id,
            "TrackingOptionID": option_id, "Options": [],
        })
    return entries


def discounted(lines):
    """What the discounts of ``lines`` took off together; None if no line has one."""
    cuts = [
        discount(line["Quantity"], line["UnitAmount"], line["LineAmount"])
        for line in lines
        if line["DiscountRate"] or line["DiscountAmount"]
    ]
    return sum(cuts, ZERO) if cuts else None

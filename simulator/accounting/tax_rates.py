"""Tax rates: components, effective rate, and which class of account each may be used with."""
from ..core.errors import NotFound
from ..core.routing import route
from . import texts
from .elements import elements_of, write
from .fields import Refused, amount, flag, limited, members, text
from .listing import select, sort
from .rounding import HUNDRED, QUANTUM, effective_rate, half_up
from .where import fold

APPLIES = {
    "ASSET": "CanApplyToAssets", "EQUITY": "CanApplyToEquity", "EXPENSE": "CanApplyToExpenses",
    "LIABILITY": "CanApplyToLiabilities", "REVENUE": "CanApplyToRevenue",
}
NEEDS_REPORT_TYPE = ("AU", "NZ", "GB")
PURCHASE_REPORTS = ("INPUT", "EXEMPTEXPENSES", "EXEMPTINPUT", "GSTONIMPORTS", "CAPEX", "PURCHASES", "ZERORATEDINPUT")
FIELDS = {
    name.lower(): (lambda row, name=name: row.get(name))
    for name in ("Name", "TaxType", "Status", "ReportTaxType", "DisplayTaxRate", "EffectiveRate", *APPLIES.values())
}


def tax_rate_row(name, tax_type, components, applies, status="ACTIVE", report=None, system=True):
    """A row of the table.

    :param components: dicts Name, Rate (Decimal), IsCompound
    :param applies: five flags in the order assets, equity, expenses, liabilities, revenue
    """
    rate = effective_rate(components)
    return {
        "Name": name,
        "TaxType": tax_type,
        "ReportTaxType": report,
        **dict(zip(APPLIES.values(), map(bool, applies), strict=True)),
        "DisplayTaxRate": sum((part["Rate"] for part in components), start=QUANTUM[4] * 0),
        "EffectiveRate": rate,
        "Status": status,
        "TaxComponents": components,
        "System": system,
    }


def tax_rate_view(row):
    view = {name: value for name, value in row.items() if name != "System" and value is not None}
    view["DisplayTaxRate"] = half_up(row["DisplayTaxRate"], 4)
    view["EffectiveRate"] = half_up(row["EffectiveRate"], 4)
    view["TaxComponents"] = [
        {
            "Name": part["Name"],
            "Rate": half_up(part["Rate"], 4),
            "IsCompound": part.get("IsCompound", False),
            "IsNonRecoverable": part.get("IsNonRecoverable", False),
        }
        for part in row["TaxComponents"]
    ]
    return view


def _read_components(element, problems):
    components = []
    for part in members(element, "TaxComponents") or []:
        name, rate = text(part, "Name"), amount(part, "Rate")
        if not name or rate is None or not 0 <= rate <= HUNDRED:
            problems.append(texts.TAX_COMPONENTS)
            continue
        components.append({
            "Name": name,
            "Rate": half_up(rate, 4),
            "IsCompound": flag(part, "IsCompound") or False,
            "IsNonRecoverable": flag(part, "IsNonRecoverable") or False,
        })
    if sum(part["IsCompound"] for part in components) > 1:
        problems.append(texts.TAX_COMPOUND)
    return components


def create_tax_rate(books, element):
    problems = []
    name = limited(element, "Name", 50, problems)
    components = _read_components(element, problems)
    report = text(element, "ReportTaxType")
    if not name:
        problems.append(texts.ACCOUNT_FIELD.format("Name"))
    elif any(row["Status"] == "ACTIVE" for row in books.tax_rates.all_by("name", fold(name))):
        problems.append(texts.UNIQUE_NAME)
    if not components and not problems:
        problems.append(texts.TAX_COMPONENTS)
    if text(element, "TaxType"):
        problems.append(texts.TAX_NOT_CREATED)
    if not report and books.organisation.country in NEEDS_REPORT_TYPE:
        problems.append(texts.TAX_REPORT_TYPE)
    if problems:
        raise Refused(*problems)
    if not report:
        applies = (1, 1, 1, 1, 1)
    else:
        applies = (1, 1, 1, 1, 0) if report.startswith(PURCHASE_REPORTS) else (1, 1, 0, 1, 1)
    number = sum(row["TaxType"].startswith("TAX0") for row in books.tax_rates) + 1
    return books.tax_rates.put(
        tax_rate_row(name, f"TAX{number:03d}", components, applies, report=report, system=False)
    )


def update_tax_rate(books, element):
    """Match by TaxType or Name. Components may be added, never renamed or removed."""
    tax_type, name = text(element, "TaxType"), text(element, "Name")
    old = books.tax_rates.get(tax_type) if tax_type else books.tax_rates.by("name", fold(name or ""))
    if old is None:
        return create_tax_rate(books, element)
    if old["System"]:
        raise Refused(texts.TAX_SYSTEM)
    problems, status = [], text(element, "Status") or old["Status"]
    components = _read_components(element, problems) or old["TaxComponents"]
    if not {part["Name"] for part in old["TaxComponents"]} <= {part["Name"] for part in components}:
        problems.append(texts.TAX_COMPONENT_KEPT)
    if status not in ("ACTIVE", "DELETED", "ARCHIVED"):
        problems.append(texts.BAD_STATUS.format(status))
    if problems:
        raise Refused(*problems)
    applies = [old[name] for name in APPLIES.values()]
    return books.tax_rates.put(
        tax_rate_row(name or old["Name"], old["TaxType"], components, applies, status, old["ReportTaxType"], False)
    )


@route("GET", path="/TaxRates")
def list_tax_rates(call):
    rows = select(call, call.books.tax_rates, FIELDS)
    if call.query.get("order"):
        rows = sort(call, rows, FIELDS, "TaxType")
    return {"TaxRates": [tax_rate_view(row) for row in rows]}


@route("GET", path="/TaxRates/{tax_type}")
def get_tax_rate(call):
    row = call.books.tax_rates.get(call.args["tax_type"])
    if row is None:
        raise NotFound
    return {"TaxRates": [tax_rate_view(row)]}


@route("PUT", path="/TaxRates")
def put_tax_rate(call):
    return write(
        call, "TaxRates", "TaxType", lambda element, writing: create_tax_rate(writing.books, element), tax_rate_view,
        elements_of(call, "TaxRates")[:1],
    )


@route("POST", path="/TaxRates")
def post_tax_rate(call):
    return write(
        call, "TaxRates", "TaxType", lambda element, writing: update_tax_rate(writing.books, element), tax_rate_view,
        elements_of(call, "TaxRates")[:1],
    )

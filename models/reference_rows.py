"""Xero's reference data as rows of its mirrors: what is missing or new in an item must not stop the rest."""

from ..xero import errors

INACTIVE = ("ARCHIVED", "DELETED", "PENDING")
CLASSES = {
    "BANK": "ASSET", "CURRENT": "ASSET", "FIXED": "ASSET", "INVENTORY": "ASSET", "NONCURRENT": "ASSET",
    "PREPAYMENT": "ASSET",
    "EQUITY": "EQUITY", "DEPRECIATN": "EXPENSE", "DIRECTCOSTS": "EXPENSE", "EXPENSE": "EXPENSE", "OVERHEADS": "EXPENSE",
    "CURRLIAB": "LIABILITY", "LIABILITY": "LIABILITY", "PAYG": "LIABILITY", "TERMLIAB": "LIABILITY",
    "OTHERINCOME": "REVENUE", "REVENUE": "REVENUE", "SALES": "REVENUE",
}  # fmt: skip


def rows_of(items, key, row, needed=None):
    """:param needed: the part's name, where an empty list cannot be true (it would archive everything)
    :raise errors.Unreadable:"""
    rows = {item[key]: row(item) for item in items if isinstance(item, dict) and item.get(key)}
    if needed and not rows:
        raise errors.Unreadable(needed)
    return list(rows.values())


def _number(value):
    try:
        return round(float(value or 0), 4)
    except (TypeError, ValueError):
        return 0.0


def _active(item):
    return item.get("Status") not in INACTIVE


def account(item):
    return {
        "xero_id": item["AccountID"],
        "code": item.get("Code") or False,
        "name": item.get("Name") or "?",
        "account_type": item.get("Type") or False,
        "account_class": item.get("Class") or CLASSES.get(item.get("Type"), False),
        "tax_type": item.get("TaxType") or False,
        "system_account": item.get("SystemAccount") or False,
        "enable_payments": bool(item.get("EnablePaymentsToAccount")),
        "bank_currency": item.get("CurrencyCode") or False,
        "active": _active(item),
    }


def tax_rate(item):
    return {
        "tax_type": item["TaxType"],
        "name": item.get("Name") or item["TaxType"],
        "display_rate": _number(item.get("DisplayTaxRate")),
        "effective_rate": _number(item.get("EffectiveRate")),
        "components": [_component(part) for part in item.get("TaxComponents") or () if isinstance(part, dict)] or False,
        "to_assets": bool(item.get("CanApplyToAssets")),
        "to_equity": bool(item.get("CanApplyToEquity")),
        "to_expenses": bool(item.get("CanApplyToExpenses")),
        "to_liabilities": bool(item.get("CanApplyToLiabilities")),
        "to_revenue": bool(item.get("CanApplyToRevenue")),
        "active": _active(item),
    }


def _component(part):
    return {
        "Name": part.get("Name") or "?",
        "Rate": _number(part.get("Rate")),
        "IsCompound": bool(part.get("IsCompound")),
        "IsNonRecoverable": bool(part.get("IsNonRecoverable")),
    }


def currency(item):
    return {"name": item["Code"], "description": item.get("Description") or False, "active": True}


def named(key):
    return lambda item: {"xero_id": item[key], "name": item.get("Name") or "?", "active": _active(item)}

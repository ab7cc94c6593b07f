"""What a difference is about, as people call it (``xero.difference``)."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

LABELS = {
    "Name": _lt("Name"),
    "EmailAddress": _lt("E-mail"),
    "PhoneNumber": _lt("Phone"),
    "Address": _lt("Address"),
    "TaxNumber": _lt("Tax number"),
    "AccountNumber": _lt("Account number"),
    "Contact": _lt("Contact"),
    "Number": _lt("Number"),
    "Reference": _lt("Reference"),
    "Date": _lt("Date"),
    "DueDate": _lt("Due date"),
    "BankAccount": _lt("Bank account"),
    "Currency": _lt("Currency"),
    "Status": _lt("Status"),
    "Lines": _lt("Lines"),
    "Tracking": _lt("Tracking"),
    "Account": _lt("Account"),
    "TaxType": _lt("Tax rate"),
    "CurrencyRate": _lt("Exchange rate"),
    "Total": _lt("Total"),
    "TotalTax": _lt("Tax"),
    "AmountDue": _lt("Amount due"),
}

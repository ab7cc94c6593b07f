"""The second opinion itself: what it has to find wrong, so that its silence about our payloads means something."""

from decimal import Decimal

import pytest
import sdk_oracle

LINE = {"Description": "Work", "Quantity": Decimal("1.5"), "UnitAmount": Decimal("10.1234"), "TaxType": "OUTPUT2"}
GOOD = {"Type": "ACCREC", "Contact": {"ContactID": "1"}, "Date": "2026-02-28", "DueDate": "2026-03-30",
        "LineAmountTypes": "Exclusive", "CurrencyCode": "NZD", "SentToContact": True, "LineItems": [LINE]}  # fmt: skip


def test_a_sound_payload_has_no_problems():
    assert sdk_oracle.problems("Invoice", GOOD) == []
    assert sdk_oracle.problems("Invoices", {"Invoices": [GOOD, GOOD]}) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"Type": "SALE"}, "SALE"),
        ({"Status": "APPROVED"}, "APPROVED"),
        ({"CurrencyCode": "XXZ"}, "XXZ"),
        ({"LineAmountTypes": "exclusiv"}, "exclusiv"),
        ({"Date": "28/02/2026"}, "28/02/2026"),
        ({"DueDate": "2026-02-30"}, "unconverted data remains"),
        ({"InvoiceNumber": "N" * 256}, "length"),
        ({"Refrence": "x"}, "Invoice/Refrence: lost"),
        ({"LineItems": [LINE | {"Price": 1}]}, "Invoice/LineItems/0/Price: lost"),
        ({"LineItems": [LINE | {"Quantity": "1.5"}]}, "Invoice/LineItems/0/Quantity: '1.5' became 1.5"),
        ({"LineItems": [LINE | {"UnitAmount": "ten"}]}, "ConversionSyntax"),
        ({"Contact": {"ContactID": 5}}, "Invoice/Contact/ContactID: 5 became '5'"),
        ({"SentToContact": "yes"}, "yes"),
        ({"LineItems": "none"}, "Invoice"),
    ],
)
def test_what_is_wrong_is_found(change, told):
    [problem] = sdk_oracle.problems("Invoice", GOOD | change)
    assert told in problem

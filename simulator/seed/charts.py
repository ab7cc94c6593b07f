"""Charts of accounts, one account a line: code | name | Type | tax | marks.

tax: S sales, P purchases, N none, Z zero-rated sales. Marks: a SystemAccount, ``pay`` for EnablePaymentsToAccount,
``claims`` for ShowInExpenseClaims, ``archived``. Codes and types are after Xero's default charts, which share most of
their three-digit codes and differ in what each country's law adds; the US one counts in thousands.
"""

COMMON = """
200 | Sales                              | REVENUE     | S |
260 | Other Revenue                      | REVENUE     | S |
270 | Interest Income                    | REVENUE     | N |
299 | Sales (old shop)                   | REVENUE     | S | archived
310 | Cost of Goods Sold                 | DIRECTCOSTS | P |
400 | Advertising                        | OVERHEADS   | P | claims
404 | Bank Fees                          | OVERHEADS   | N |
408 | Cleaning                           | OVERHEADS   | P |
412 | Consulting & Accounting            | OVERHEADS   | P |
416 | Depreciation                       | DEPRECIATN  | N |
420 | Entertainment                      | OVERHEADS   | P | claims
425 | Freight & Courier                  | OVERHEADS   | P |
429 | General Expenses                   | OVERHEADS   | P | claims
433 | Insurance                          | OVERHEADS   | P |
437 | Interest Expense                   | OVERHEADS   | N |
441 | Legal expenses                     | OVERHEADS   | P |
445 | Light, Power, Heating              | OVERHEADS   | P |
449 | Motor Vehicle Expenses             | OVERHEADS   | P | claims
453 | Office Expenses                    | OVERHEADS   | P | claims
461 | Printing & Stationery              | OVERHEADS   | P | claims
469 | Rent                               | OVERHEADS   | P |
473 | Repairs and Maintenance            | OVERHEADS   | P |
477 | Salaries                           | OVERHEADS   | N |
485 | Subscriptions                      | OVERHEADS   | P |
489 | Telephone & Internet               | OVERHEADS   | P |
493 | Travel - National                  | OVERHEADS   | P | claims
494 | Travel - International             | OVERHEADS   | N | claims
495 | Travel (before 2020)               | OVERHEADS   | P | archived
497 | Bank Revaluations                  | EXPENSE     | N | BANKCURRENCYGAIN
498 | Unrealised Currency Gains          | EXPENSE     | N | UNREALISEDCURRENCYGAIN
499 | Realised Currency Gains            | EXPENSE     | N | REALISEDCURRENCYGAIN
505 | Income Tax Expense                 | EXPENSE     | N |
610 | Accounts Receivable                | CURRENT     | N | DEBTORS
620 | Prepayments                        | CURRENT     | N | pay
630 | Inventory                          | INVENTORY   | N |
710 | Office Equipment                   | FIXED       | P |
711 | Accumulated Depreciation on Office | FIXED       | N |
800 | Accounts Payable                   | CURRLIAB    | N | CREDITORS
801 | Unpaid Expense Claims              | CURRLIAB    | N | UNPAIDEXPCLM
803 | Wages Payable                      | CURRLIAB    | N | WAGEPAYABLES
814 | Wages Payable - Payroll            | CURRLIAB    | N |
820 | {tax}                              | CURRLIAB    | N | GST
830 | Income Tax Payable                 | CURRLIAB    | N |
835 | Deferred Income                    | CURRLIAB    | Z |
840 | Historical Adjustment              | CURRLIAB    | N | HISTORICAL
850 | Suspense                           | CURRLIAB    | N |
855 | Clearing Account                   | CURRLIAB    | N | pay
860 | Rounding                           | CURRLIAB    | N | ROUNDING
877 | Tracking Transfers                 | CURRLIAB    | N | TRACKINGTRANSFERS
880 | Owner Drawings                     | CURRLIAB    | N | pay
900 | Loan                               | TERMLIAB    | N |
960 | Retained Earnings                  | EQUITY      | N | RETAINEDEARNINGS
970 | Owner Funds Introduced             | EQUITY      | N | pay
"""

NEW_ZEALAND = COMMON.replace("{tax}", "GST") + """
478 | KiwiSaver Employer Contributions   | OVERHEADS   | N |
825 | PAYE Payable                       | CURRLIAB    | N |
826 | KiwiSaver Payable                  | CURRLIAB    | N |
"""

AUSTRALIA = COMMON.replace("{tax}", "GST") + """
478 | Superannuation                     | OVERHEADS   | N |
825 | PAYG Withholdings Payable          | CURRLIAB    | N |
826 | Superannuation Payable             | CURRLIAB    | N |
"""

UNITED_KINGDOM = COMMON.replace("{tax}", "VAT") + """
320 | Direct Wages                       | DIRECTCOSTS | N |
424 | Entertainment - 0%                 | OVERHEADS   | N | claims
463 | IT Software and Consumables        | OVERHEADS   | P |
465 | Rates                              | OVERHEADS   | N |
478 | Directors' Remuneration            | OVERHEADS   | N |
479 | Employers National Insurance       | OVERHEADS   | N |
482 | Pensions Costs                     | OVERHEADS   | N |
825 | PAYE Payable                       | CURRLIAB    | N |
826 | NIC Payable                        | CURRLIAB    | N |
858 | Pensions Payable                   | CURRLIAB    | N |
"""

UNITED_STATES = """
1200 | Accounts Receivable               | CURRENT     | N | DEBTORS
1300 | Prepaid Expenses                  | CURRENT     | N | pay
1400 | Inventory                         | INVENTORY   | N |
1500 | Office Equipment                  | FIXED       | P |
2000 | Accounts Payable                  | CURRLIAB    | N | CREDITORS
2100 | Unpaid Expense Claims             | CURRLIAB    | N | UNPAIDEXPCLM
2200 | Sales Tax                         | CURRLIAB    | N | GST
2300 | Historical Adjustment             | CURRLIAB    | N | HISTORICAL
2400 | Clearing Account                  | CURRLIAB    | N | pay
860  | Rounding                          | CURRLIAB    | N | ROUNDING
2500 | Tracking Transfers                | CURRLIAB    | N | TRACKINGTRANSFERS
2600 | Deferred Revenue                  | CURRLIAB    | N |
2700 | Loan                              | TERMLIAB    | N |
3000 | Owner Contributions               | EQUITY      | N | pay
3200 | Retained Earnings                 | EQUITY      | N | RETAINEDEARNINGS
4000 | Sales                             | REVENUE     | S |
4100 | Other Revenue                     | REVENUE     | S |
4200 | Interest Income                   | REVENUE     | N |
4900 | Sales (old shop)                  | REVENUE     | S | archived
5000 | Cost of Goods Sold                | DIRECTCOSTS | P |
6000 | Advertising                       | EXPENSE     | P | claims
6040 | Bank Fees                         | EXPENSE     | N |
6120 | Consulting & Accounting           | EXPENSE     | P |
6200 | Meals & Entertainment             | EXPENSE     | P | claims
6290 | General Expenses                  | EXPENSE     | P | claims
6330 | Insurance                         | EXPENSE     | P |
6450 | Utilities                         | EXPENSE     | P |
6530 | Office Expenses                   | EXPENSE     | P | claims
6690 | Rent                              | EXPENSE     | P |
6850 | Subscriptions                     | EXPENSE     | P |
6930 | Travel                            | EXPENSE     | P | claims
6950 | Travel (before 2020)              | EXPENSE     | P | archived
"""

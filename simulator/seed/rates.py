"""Tax rates by country: name, TaxType, percent or components, where it applies, ReportTaxType, status.

Where a rate applies is five flags: assets, equity, expenses, liabilities, revenue (platform rules of Xero's defaults).
"""

SALES, PURCHASES, ALL = "11011", "11110", "11111"
IMPORTS, NZ_IMPORTS, CAPITAL, NZ_ZERO = "00010", "11010", "10000", "00011"

NEW_ZEALAND = (
    ("15% GST on Expenses", "INPUT2", "15", PURCHASES, "INPUT"),
    ("15% GST on Income", "OUTPUT2", "15", SALES, "OUTPUT"),
    ("GST on Imports", "GSTONIMPORTS", "0", NZ_IMPORTS, "GSTONIMPORTS"),
    ("No GST", "NONE", "0", ALL, "NONE"),
    ("Zero Rated", "ZERORATED", "0", NZ_ZERO, "OUTPUT"),
    ("GST and Tourism Levy", "TAX001", (("GST", "15"), ("Tourism Levy", "1.5")), SALES, "OUTPUT"),
    ("12.5% GST on Income (before 2010)", "OUTPUT", "12.5", SALES, "OUTPUT", "ARCHIVED"),
)
AUSTRALIA = (
    ("BAS Excluded", "BASEXCLUDED", "0", ALL, "BASEXCLUDED"),
    ("GST Free Capital", "EXEMPTCAPITAL", "0", PURCHASES, "EXEMPTCAPITAL"),
    ("GST Free Expenses", "EXEMPTEXPENSES", "0", PURCHASES, "EXEMPTEXPENSES"),
    ("GST Free Exports", "EXEMPTEXPORT", "0", SALES, "EXEMPTEXPORT"),
    ("GST Free Income", "EXEMPTOUTPUT", "0", SALES, "EXEMPTOUTPUT"),
    ("GST on Capital", "CAPEXINPUT", "10", PURCHASES, "CAPITALEXINPUT"),
    ("GST on Capital Imports", "GSTONCAPIMPORTS", "0", IMPORTS, "GSTONCAPIMPORTS"),
    ("GST on Expenses", "INPUT", "10", PURCHASES, "INPUT"),
    ("GST on Imports", "GSTONIMPORTS", "0", IMPORTS, "GSTONIMPORTS"),
    ("GST on Income", "OUTPUT", "10", SALES, "OUTPUT"),
    ("Input Taxed", "INPUTTAXED", "0", ALL, "INPUTTAXED"),
    ("Wine Equalisation Tax and GST", "TAX001", (("WET", "29"), ("GST", "10", True)), SALES, "OUTPUT"),
)
UNITED_KINGDOM = (
    ("20% (VAT on Expenses)", "INPUT2", "20", PURCHASES, "INPUT"),
    ("20% (VAT on Income)", "OUTPUT2", "20", SALES, "OUTPUT"),
    ("20% (VAT on Capital Purchases)", "CAPEXINPUT2", "20", CAPITAL, "CAPEXINPUT"),
    ("20% (VAT on Capital Sales)", "CAPEXOUTPUT2", "20", CAPITAL, "CAPEXOUTPUT"),
    ("5% (VAT on Expenses)", "RRINPUT", "5", PURCHASES, "INPUT"),
    ("5% (VAT on Income)", "RROUTPUT", "5", SALES, "OUTPUT"),
    ("15% (VAT on Expenses)", "SRINPUT", "15", PURCHASES, "INPUT"),
    ("15% (VAT on Income)", "SROUTPUT", "15", SALES, "OUTPUT"),
    ("Exempt Expenses", "EXEMPTINPUT", "0", PURCHASES, "EXEMPTINPUT"),
    ("Exempt Income", "EXEMPTOUTPUT", "0", SALES, "EXEMPTOUTPUT"),
    ("Zero Rated Expenses", "ZERORATEDINPUT", "0", PURCHASES, "INPUT"),
    ("Zero Rated Income", "ZERORATEDOUTPUT", "0", SALES, "OUTPUT"),
    ("Zero Rated EC Expenses", "ECZRINPUT", "0", PURCHASES, "ECINPUT"),
    ("Zero Rated EC Goods Income", "ECZROUTPUT", "0", SALES, "ECOUTPUT"),
    ("Zero Rated EC Services", "ECZROUTPUTSERVICES", "0", SALES, "ECOUTPUTSERVICES"),
    ("EC Acquisitions (20%)", "ECACQUISITIONS", "0", PURCHASES, "ECACQUISITIONS"),
    ("Reverse Charge Expenses (20%)", "REVERSECHARGES", "0", PURCHASES, "REVERSECHARGES"),
    ("Domestic Reverse Charge @ 20% (VAT on Expenses)", "DRCHARGE20", "0", PURCHASES, "DRCHARGE"),
    ("Domestic Reverse Charge @ 20% (VAT on Income)", "DRCHARGESUPPLY20", "0", SALES, "DRCHARGESUPPLY"),
    ("Domestic Reverse Charge @ 5% (VAT on Expenses)", "DRCHARGE5", "0", PURCHASES, "DRCHARGE"),
    ("Domestic Reverse Charge @ 5% (VAT on Income)", "DRCHARGESUPPLY5", "0", SALES, "DRCHARGESUPPLY"),
    ("VAT on Imports", "GSTONIMPORTS", "0", IMPORTS, "GSTONIMPORTS"),
    ("No VAT", "NONE", "0", ALL, "NONE"),
    ("VAT and Fuel Levy", "TAX001", (("VAT", "20"), ("Fuel Levy", "1.25")), SALES, "OUTPUT"),
)
UNITED_STATES = (
    ("Tax on Purchases", "INPUT", "0", ALL, None),
    ("Tax on Sales", "OUTPUT", "0", ALL, None),
    ("Tax Exempt", "NONE", "0", ALL, None),
    ("Sales Tax on Imports", "GSTONIMPORTS", "0", IMPORTS, None),
    ("New York City 8.875%", "TAX001", (("State", "4"), ("City", "4.5"), ("MCTD", "0.375")), ALL, None),
    ("Québec 14.975%, compound", "TAX002", (("Federal", "5"), ("Provincial", "9.5", True)), ALL, None),
    ("Old county tax", "TAX003", (("County", "1.25"),), ALL, None, "DELETED"),
)

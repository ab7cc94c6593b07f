{
    "name": "Xero Integration",
    "summary": "Odoo and Xero agree: contacts, invoices, bills, payments, taxes, several organisations",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "xero_integration contributors",
    "development_status": "Beta",
    "application": True,
    "depends": ["account"],
    "external_dependencies": {"python": ["xero-python", "requests-oauthlib", "cryptography"]},
    "data": [
        "security/xero_groups.xml",
        "security/ir.model.access.csv",
        "security/xero_rules.xml",
    ],
}

"""All resources, in the order in which the worker takes them."""

# In the order of dependency: what comes later names what came before.
RESOURCES = [
    "xero.resource.contacts",
    "xero.resource.tax.rates",
    "xero.resource.tracking.categories",
    "xero.resource.tracking.options",
    "xero.resource.invoices",
    "xero.resource.credit.notes",
    "xero.resource.bank.transactions",
    "xero.resource.entryless.payments",
    "xero.resource.payments",
    "xero.resource.write.offs",
    "xero.resource.discounts",
    "xero.resource.discount.allocations",
    "xero.resource.overpayments",
    "xero.resource.prepayments",
    "xero.resource.surplus",
    "xero.resource.allocations",
    "xero.resource.attachments",
    "xero.resource.invoice.pdf",
    "xero.resource.history",
]
# What is taken back goes before everything else: Xero changes no document with a payment or a credit on it.
REMOVALS = [
    "xero.resource.payments", "xero.resource.entryless.payments", "xero.resource.write.offs",
    "xero.resource.discount.allocations", "xero.resource.discounts", "xero.resource.allocations",
    "xero.resource.overpayments", "xero.resource.surplus",
]  # fmt: skip
# How many changes one pass looks at: a pass first brings across what they all need, then themselves.
WINDOW = 1000

"""What stops a document's attachments and its PDF."""

from odoo.tools.translate import LazyTranslate

from .problems_entry import Entry

_lt = LazyTranslate(__name__)

ENTRIES = {
    "file_empty": Entry("failed", _lt("%(name)s is empty. Put it on the document again."), "action_retry"),
    "file_too_large": Entry(
        "failed",
        _lt("%(name)s has %(size)s MB; Xero takes 10. The document went without it. Put a smaller one on it."),
        "action_retry",
    ),
    "files_too_many": Entry(
        "failed",
        _lt(
            "Xero takes ten files on one document, and %(name)s would be one more. Delete one in Xero, then retry."
        ),
        "action_retry",
    ),
    "files_not_granted": Entry(
        "held",
        _lt(
            "Xero was not asked to allow files (scope accounting.attachments). Connect again, or let no attachments go "
            "(page What syncs of the organisation), then retry."
        ),
        "action_open_organisation",
    ),
    "pdf_engine_missing": Entry(
        "failed",
        _lt(
            "The PDF cannot be made: the program wkhtmltopdf is missing on the server. Have it installed, then retry, "
            "or switch “Send the PDF” off on the organisation."
        ),
        "action_retry",
    ),
    "pdf_failed": Entry(
        "failed",
        _lt("The PDF cannot be made: %(detail)s Print the document in Odoo to see whether that works, then retry."),
        "action_retry",
    ),
}

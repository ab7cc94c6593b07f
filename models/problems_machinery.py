"""What became of a record that is stopped by nothing of its own."""

from odoo.tools.translate import LazyTranslate

from .problems_entry import Entry

_lt = LazyTranslate(__name__)

ENTRIES = {
    "in_doubt": Entry(
        "in_doubt",
        _lt("It was sent, but no answer came. What became of it is found out before anything is sent again."),
    ),
    "no_answer": Entry(
        "failed",
        _lt(
            "It was sent %(count)s times; Xero never answered properly, and has nothing of it. Look for something "
            "unusual in it and retry. If that does not help, ask Xero's support with the id in the log of requests."
        ),
        "action_retry",
    ),
    "internal_error": Entry(
        "failed",
        _lt(
            "An unexpected error stopped this record; the others went on. The server's log names it. Retry, and "
            "report it if it comes again."
        ),
        "action_retry",
    ),
    "record_gone": Entry(
        "gone",
        _lt("The record was deleted in Odoo. In Xero it stays: end it there if it should, or take it out of the sync."),
    ),
    "retry_later": Entry("waiting", _lt("Xero could not be reached or asked to wait. It goes again by itself.")),
}

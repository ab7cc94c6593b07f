"""The catalogue of everything that can stop a record: one code, one sentence, one cure.

A ``Problem`` is raised by codecs and mappings while a document is prepared, before a call is spent. Texts are
lazy: they are rendered in the reader's language when a person looks at the link.
"""

from dataclasses import dataclass

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class Problem(Exception):
    """Why one record cannot go to Xero now.

    :param code: key of ``CATALOGUE``
    :param data: JSON-able values that the sentence and its button need
    """

    def __init__(self, code, **data):
        super().__init__(code)
        self.code = code
        self.data = data


@dataclass(frozen=True)
class Entry:
    """``outcome``: the link's outcome; ``message``: a sentence with %(name)s holes; ``cure``: name of the button's method."""

    outcome: str
    message: object
    cure: str = ""


CATALOGUE = {
    "mapping_account": Entry(
        "held", _lt("No Xero account is mapped for %(account)s. Map it, or choose a default account."), "action_open_account_mapping"),
    "mapping_tax": Entry(
        "held", _lt("No Xero tax rate is mapped for %(taxes)s (%(direction)s). Map it to a rate of the same percentage."), "action_open_tax_mapping"),
    "mapping_journal": Entry(
        "held", _lt("Journal %(journal)s is not mapped to a Xero bank or payment account."), "action_open_journal_mapping"),
}

"""The catalogue of everything that can stop a record: one code, one sentence, one cure.

A ``Problem`` is raised by codecs and mappings while a document is prepared, before a call is spent. Texts are
lazy: they are rendered in the reader's language when a person looks at the link. The entries stand in rooms of one
subject each, ``problems_*.py``.
"""

from . import (
    problems_contacts,
    problems_documents,
    problems_files,
    problems_incoming,
    problems_machinery,
    problems_mapping,
    problems_money,
    problems_reference,
)
from .sentence_holes import Holes

ROOMS = (
    problems_mapping, problems_documents, problems_files, problems_contacts, problems_money, problems_reference,
    problems_incoming, problems_machinery,
)  # fmt: skip
CATALOGUE = {code: entry for room in ROOMS for code, entry in room.ENTRIES.items()}


class Problem(Exception):
    """Why one record cannot go to Xero now.

    :param code: key of ``CATALOGUE``
    :param data: JSON-able values that the sentence and its button need
    """

    def __init__(self, code, **data):
        super().__init__(code)
        self.code = code
        self.data = data


def message_of(env, code, data):
    """The sentence of ``code`` in the reader's language, '' without a code."""
    if not code:
        return ""
    entry = CATALOGUE.get(code)
    if entry is None:
        return (data or {}).get("detail") or code
    sentence = env._(entry.message)
    return sentence % Holes(data or {})

"""Xero answers 404 to a query string of more than 2,048 characters: what is asked at once fits in one."""

from uuid import UUID

import pytest
from gateway_peer import answer
from hypothesis import given
from hypothesis import strategies as st

from xero.caller import query_pairs
from xero.questions import by_ids, in_questions, is_too_long

BESIDE = {"page": 12345, "pageSize": 1000, "order": "BankTransactionID ASC", "unitdp": 4, "includeArchived": True,
          "summaryOnly": True}  # fmt: skip
NUMBERS = st.text(st.characters(codec="utf-8", exclude_characters=","), min_size=1, max_size=255)
IDS = [str(UUID(int=number)) for number in range(120)]


@given(st.lists(NUMBERS, max_size=200), st.sampled_from([",", " OR "]))
def test_everything_is_asked_for_once_and_every_question_fits(terms, joint):
    questions = in_questions(terms, joint)
    assert [term for some in questions for term in some] == terms
    assert all(questions)
    for some in questions:
        assert len(some) == 1 or not is_too_long(query_pairs({**BESIDE, "InvoiceNumbers": joint.join(some)}))


@pytest.mark.parametrize("id_key", ["InvoiceID", "Invoice.InvoiceId", "BankTransactionID", "ContactID"])
def test_a_hundred_ids_take_as_few_questions_as_fit(id_key):
    questions = by_ids(id_key, IDS)
    assert [where.split('"')[1::2] for where in questions][0] == IDS[: questions[0].count("guid")]
    assert sum(where.count("guid") for where in questions) == len(IDS)
    assert not any(is_too_long(query_pairs({**BESIDE, "where": where})) for where in questions)
    assert len(questions) <= 6


def test_what_does_not_fit_never_leaves(peer, gateway):
    peer.actions = [answer(200, {"Invoices": []})]
    with pytest.raises(ValueError, match="in_questions"):
        gateway.get("Invoices", ids=IDS)
    assert not peer.requests

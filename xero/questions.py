"""Asking about many things at once: as few addresses as Xero takes."""

from urllib.parse import quote_plus, urlencode

# Xero's servers answer a longer one with 404 "The resource you're looking for cannot be found"
# (XeroAPI/xero-node#404, Xero-NetStandard#413 and #471, Xero-OpenAPI#534).
LONGEST_QUERY = 2048
# for page, pageSize, order, unitdp and what else stands beside a question
OTHERS = 200


def is_too_long(query):
    """:param query: list of ``(name, text)``"""
    return len(urlencode(query)) > LONGEST_QUERY


def in_questions(terms, joint):
    """``terms`` in batches that fit in an address when they are joined; one that is too long stands alone.

    :param terms: texts, in the order in which they are to be asked for
    :param str joint: what stands between two of them: ``" OR "`` in a filter, ``","`` in a list
    :return list: of lists
    """
    batches, room = [], 0
    for term in terms:
        length = len(quote_plus(joint + term))
        if not batches or length > room:
            batches.append([])
            room = LONGEST_QUERY - OTHERS
        batches[-1].append(term)
        room -= length
    return batches


def by_ids(id_key, xero_ids):
    """Filters that together find these ids; not every list of Xero's knows ``IDs``, but all filter.

    :param str id_key: ``InvoiceID``, ``Invoice.InvoiceId``, …
    :return list: of ``where``
    """
    return [" OR ".join(some) for some in in_questions([f'{id_key}==guid("{one}")' for one in xero_ids], " OR ")]

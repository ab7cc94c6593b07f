"""How likely a partner and a contact of Xero's are the same business, and why."""

from difflib import SequenceMatcher

from ..models.codec.text import email_key, name_key, phone_key

SIMILAR = 60  # per cent; below that a name is another name
PROPOSALS = 8  # candidates that a person is shown
MARKS = ("account_number", "email_key", "name_key", "phone_key")


def keys_of_partner(partner):
    return {
        "account_number": (partner.ref or "").strip(),
        "email_key": email_key(partner.email),
        "phone_key": phone_key(partner.phone),
        "name_key": name_key(partner.name),
    }


def keys_of_contact(contact):
    """:param contact: ``xero.contact`` record"""
    return {mark: contact[mark] or "" for mark in MARKS}


def reasons(env, ours, theirs):
    """:return list: ``[(per cent, why)]`` of every mark that both share, the strongest first"""
    texts = [
        ("account_number", 99, env._("Same account number")),
        ("email_key", 95, env._("Same e-mail")),
        ("name_key", 90, env._("Same name")),
        ("phone_key", 80, env._("Same phone")),
    ]
    return [(score, reason) for name, score, reason in texts if ours[name] and ours[name] == theirs[name]]


def combined(found):
    """:param found: as :func:`reasons` gives it, not empty
    :return tuple: (per cent, why): the strongest mark, and a little for every further one"""
    return min(99, found[0][0] + len(found) - 1), ", ".join(reason for _score, reason in found)


def rate(env, ours, theirs):
    """:return tuple: (per cent, why)"""
    found = reasons(env, ours, theirs)
    if found:
        return combined(found)
    similar = SequenceMatcher(None, ours["name_key"] or "", theirs["name_key"] or "").ratio()
    return round(similar * 85), env._("Similar name")


def words_of(name):
    """The words of a name by which candidates of a similar name are looked for. :rtype: list"""
    return [word for word in (name or "").split() if len(word) > 3][:4]


def best(candidates):
    """Who is free before who belongs to another, then the likeliest.

    :param list candidates: values of candidate lines with ``owner`` and ``score``
    :return list: as many as a person is shown
    """
    return sorted(candidates, key=lambda vals: (bool(vals["owner"]), -vals["score"]))[:PROPOSALS]

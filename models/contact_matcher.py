"""Which contact at Xero is this partner? (S1.17): ContactNumber or AccountNumber, then e-mail, phone, name.

An unambiguous hit of the first rule that hits at all decides; two candidates go to a person, never to a guess, even if
one of them belongs to somebody already: this partner may just as well be the same business. So does one that came from
Xero and waits for a person to say which partner it is: it may be this one.
"""

from .codec.text import email_key, name_key, phone_key
from .problems import Problem

RULES = ("contact_number", "account_number", "email_key", "phone_key", "name_key")
FIELDS = ["xero_id", "name", *RULES]


class ContactMatcher:
    """Matches partners against the mirror of one organisation in a constant number of queries."""

    def __init__(self, organisation):
        self.organisation = organisation
        self.env = organisation.env

    def match(self, partners, number_of):
        """:param number_of: function from partner id to our ContactNumber
        :return dict: {partner id: ContactID | Problem | None when nothing matches}
        """
        keys = {
            partner.id: {
                "contact_number": number_of(partner.id),
                "account_number": (partner.ref or "").strip(),
                "email_key": email_key(partner.email),
                "phone_key": phone_key(partner.phone),
                "name_key": name_key(partner.name),
            }
            for partner in partners
        }
        index = self._index(keys.values())
        linked, waiting = self._linked(contact for bucket in index.values() for contact in bucket)
        found = {partner_id: self._decide(values, index, linked, waiting) for partner_id, values in keys.items()}
        return self._only_one_each(found)

    def _index(self, all_keys):
        """{(field, value): [mirror rows]} of every active contact that one of the keys could hit."""
        wanted = {
            name: {keys[name] for keys in all_keys if keys[name]}
            for name in RULES
        }
        index = {}
        for name, values in wanted.items():
            if not values:
                continue
            for contact in self.env["xero.contact"].search_fetch(
                [
                    ("organisation_id", "=", self.organisation.id),
                    (name, "in", list(values)),
                    ("status", "!=", "ARCHIVED"),
                    ("merged_to", "=", False),
                ],
                FIELDS,
            ):
                index.setdefault((name, contact[name]), []).append(contact)
        return index

    def _linked(self, contacts):
        """({ContactID: display name of the partner it belongs to}, {ContactID: link that waits for its partner})"""
        links = self.env["xero.link"].search_fetch(
            [
                ("organisation_id", "=", self.organisation.id),
                ("resource", "=", "Contacts"),
                ("xero_id", "in", list({contact.xero_id for contact in contacts})),
            ],
            ["xero_id", "res_id"],
        )
        waiting = links.filtered(lambda link: not link.res_id)
        owned = links - waiting
        partners = {p.id: p for p in self.env["res.partner"].browse(owned.mapped("res_id")).exists()}
        names = {link.xero_id: partners[link.res_id].display_name if link.res_id in partners else "?" for link in owned}
        return names, {link.xero_id: link for link in waiting}

    def _decide(self, keys, index, linked, waiting):
        for name in RULES:
            candidates = index.get((name, keys[name]), []) if keys[name] else []
            free = [contact for contact in candidates if contact.xero_id not in linked]
            undecided = [waiting[contact.xero_id].id for contact in free if contact.xero_id in waiting]
            if free and (len(candidates) > 1 or undecided):
                ids = [contact.xero_id for contact in candidates]
                # once it is said whose that contact is, this partner goes again
                first = undecided[0] if undecided else False
                return Problem("contact_ambiguous", count=len(ids), candidates=ids, waiting_for_id=first)
            if free:
                return free[0].xero_id
            if candidates and name == "name_key":
                # Xero takes a name only once: to create it would be refused.
                return Problem(
                    "contact_linked", other=linked[candidates[0].xero_id], candidates=[c.xero_id for c in candidates]
                )
        return None

    def _only_one_each(self, found):
        """Two partners that hit the same contact in one batch: the first keeps it, the second goes to a person."""
        seen = {}
        for partner_id, hit in found.items():
            if isinstance(hit, str):
                if hit in seen:
                    other = self.env["res.partner"].browse(seen[hit]).display_name
                    found[partner_id] = Problem("contact_linked", other=other, candidates=[hit])
                else:
                    seen[hit] = partner_id
        return found

"""Which partner is this contact of Xero's? (S1.17, S2.5): our number, account number, e-mail, phone, then name.

The mirror image of ``ContactMatcher``, with the same rule: an unambiguous hit of the first mark that hits at all
decides; where two partners, or two contacts, share it, a person does. An archived partner is better than a second one:
where no active one hits, those are asked.
"""

from odoo.tools import SQL

from .codec.text import email_key, name_key, phone_key
from .problems import Problem

RULES = ("number", "ref", "email", "phone", "name")
# The mirror's column of each mark that two contacts may share.
COLUMNS = {"ref": "account_number", "email": "email_key", "phone": "phone_key", "name": "name_key"}


class ContactCounterpart:
    """Finds the partners of a batch of contacts in a constant number of queries.

    :param organisation: ``xero.organisation`` record
    :param number_of: function from partner id to our ContactNumber
    """

    def __init__(self, organisation, number_of):
        self.organisation = organisation
        self.env = organisation.env
        self.number_of = number_of

    def find(self, contacts, chosen):
        """:param contacts: ``ReceivedContact`` list
        :param dict chosen: {ContactID: id of the partner that a person said it is}
        :return tuple: ({ContactID: partner | Problem | empty recordset}, {partner id: its link without a contact})
        """
        marks = {contact.xero_id: self.marks(contact) for contact in contacts}
        partners = self.candidates(contacts) | self.env["res.partner"].browse(chosen.values()).exists()
        taken, waiting = self._linked(partners)
        in_use = partners.filtered("active")
        active, archived = self._index(in_use), self._index(partners - in_use)
        rivals = self._rivals(marks.values())
        found = {}
        for xero_id, keys in marks.items():
            said = partners.filtered(lambda p, x=xero_id: p.id == chosen.get(x) and p.id not in taken)
            hit = said or self._decide(keys, active, taken, rivals) or self._decide(keys, archived, taken, rivals)
            found[xero_id] = hit
            if not isinstance(hit, Problem):
                taken.update(hit.ids)  # one partner, one contact
        return found, waiting

    def _index(self, partners):
        """{(mark, key): [partner, …]}"""
        index = {}
        for partner in partners:
            for rule, key in self._marks_of(partner).items():
                if key:
                    index.setdefault((rule, key), []).append(partner)
        return index

    def marks(self, contact):
        return {
            "number": contact.number if contact.number.startswith("odoo-") else "",
            "ref": contact.ref,
            "email": email_key(contact.email),
            "phone": phone_key(contact.phone),
            "name": name_key(contact.name),
        }

    def _marks_of(self, partner):
        return {
            "number": self.number_of(partner.id),
            "ref": (partner.ref or "").strip(),
            "email": email_key(partner.email),
            "phone": phone_key(partner.phone),
            "name": name_key(partner.name),
        }

    def candidates(self, contacts):
        """Partners that stand for themselves, archived ones too, and share a mark with one of the contacts.

        The marks are compared in SQL as far as it knows them; what it finds too much is sorted out by the marks. Names
        are folded there on both sides: what is a letter depends on the database.
        """
        all_marks = [self.marks(contact) for contact in contacts]
        names = [contact.name for contact in contacts if name_key(contact.name)]
        wanted = {rule: [marks[rule] for marks in all_marks if marks[rule]] for rule in RULES}
        Partner = self.env["res.partner"]
        Partner.flush_model(["name", "email", "phone", "ref", "active", "parent_id", "company_id"])
        tails = [number.split("-")[2] for number in wanted["number"] if number.count("-") > 1]
        ours = [int(tail) for tail in tails if tail.isdecimal() and len(tail) < 10]
        rows = self.env.execute_query(SQL(
            r"""SELECT id FROM res_partner
                WHERE parent_id IS NULL AND (company_id IS NULL OR company_id = %(company)s)
                  AND (id = ANY(%(ours)s) OR trim(ref) = ANY(%(refs)s)
                    OR lower(substring(email FROM '[^@\s<>,;"()]+@[^@\s<>,;"()]+')) = ANY(%(emails)s)
                    OR right(regexp_replace(phone, '\D', '', 'g'), 8) = ANY(%(phones)s)
                    OR %(our_name)s = ANY(ARRAY(SELECT %(their_name)s FROM unnest(%(names)s::text[]) AS theirs)))
                ORDER BY id""",
            company=self.organisation.company_id.id, ours=ours, refs=wanted["ref"], emails=wanted["email"],
            phones=wanted["phone"], names=names, our_name=_folded("name"), their_name=_folded("theirs"),
        ))  # fmt: skip
        partners = Partner.browse([partner_id for (partner_id,) in rows])
        partners.fetch(["name", "email", "phone", "ref", "active"])
        return partners

    def _linked(self, partners):
        """({ids of those that another contact belongs to, or nobody may touch}, {id: link that waits for a contact})"""
        links = self.env["xero.link"].search_fetch([
            ("organisation_id", "=", self.organisation.id), ("resource", "=", "Contacts"),
            ("res_model", "=", "res.partner"), ("res_id", "in", partners.ids),
        ], ["res_id", "xero_id", "outcome"])  # fmt: skip
        waiting = links.filtered(lambda link: not link.xero_id and link.outcome != "exempt")
        return set((links - waiting).mapped("res_id")), {link.res_id: link for link in waiting}

    def _rivals(self, all_marks):
        """{(mark, key)} that several active contacts of Xero's without a partner share: none of them is surely it."""
        shared = set()
        for rule, column in COLUMNS.items():
            keys = list({marks[rule] for marks in all_marks if marks[rule]})
            rows = self.env.execute_query(SQL(
                """SELECT c.%(column)s FROM xero_contact c
                    WHERE c.organisation_id = %(organisation)s AND c.%(column)s = ANY(%(keys)s)
                      AND c.status = 'ACTIVE' AND c.merged_to IS NULL AND NOT EXISTS (
                          SELECT FROM xero_link l WHERE l.organisation_id = c.organisation_id
                             AND l.resource = 'Contacts' AND l.xero_id = c.xero_id AND l.res_id != 0)
                    GROUP BY 1 HAVING count(*) > 1""",
                column=SQL.identifier(column), organisation=self.organisation.id, keys=keys,
            )) if keys else ()  # fmt: skip
            shared |= {(rule, key) for (key,) in rows}
        return shared

    def _decide(self, keys, index, taken, rivals):
        for rule in RULES:
            candidates = index.get((rule, keys[rule]), []) if keys[rule] else []
            free = [partner for partner in candidates if partner.id not in taken]
            if free and (len(candidates) > 1 or (rule, keys[rule]) in rivals):
                names = ", ".join(partner.name or "?" for partner in candidates[:5])
                return Problem("incoming_contact_several", partners=names, candidates=[p.id for p in candidates])
            if free:
                return free[0]
        return self.env["res.partner"]


def _folded(column):
    """``name_key`` of a column as far as PostgreSQL knows it: its lower() leaves ß and ς, else ss and σ."""
    return SQL(
        """regexp_replace(
               translate(replace(lower(normalize(%s, NFKD)), 'ß', 'ss'), 'ς', 'σ'), '[^[:alnum:]]', '', 'g')""",
        SQL.identifier(column),
    )

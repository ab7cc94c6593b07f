"""Writes into partners what Xero says of its contacts: batches of new ones, and what changed on known ones.

What is empty here is filled. What says something else is written over only where Xero's word is newer than Odoo's, or
where the organisation's ``contact_fill`` or a person says so (S2.5).
"""

from dataclasses import replace

from odoo.exceptions import ValidationError
from odoo.tools import html_escape

from .codec import contact_received as codec
from .difference_labels import LABELS
from .problems import Problem

# What Xero's people write for a country that Odoo calls otherwise, and its code.
COUNTRIES = {
    "uk": "gb", "great britain": "gb", "england": "gb", "scotland": "gb", "wales": "gb", "northern ireland": "gb",
    "usa": "us", "united states of america": "us", "america": "us", "aotearoa": "nz", "uae": "ae",
}  # fmt: skip
SILENT = {"mail_create_nosubscribe": True, "mail_create_nolog": True, "tracking_disable": True}


class ContactWriter:
    """What a batch of contacts is taken over with.

    :param organisation: ``xero.organisation`` record; its environment is the one to write in
    :param dict received: {ContactID: ReceivedContact}
    """

    def __init__(self, organisation, received):
        self.organisation = organisation
        self.env = organisation.env
        self.received = received
        self.found = {}  # {ContactID: partner | Problem | empty}
        self.waiting = {}  # {partner id: its link without a contact}
        self.deleted = set()  # ContactIDs whose partner was deleted here
        self.notes = {}  # {partner id: what its chatter is told}
        self.merges = {}  # {partner id: Merge}
        self.persons = {}  # {company's partner id: id of the person made for it}
        self.people = {}  # {company's partner id: keys of the further people made for it}
        self._countries, self._regions = None, None

    # ---- new partners -----------------------------------------------------------------------------

    def make(self, contacts):
        """:param contacts: ``ReceivedContact`` list
        :return: partners, in their order"""
        partners = self.env["res.partner"].with_context(**SILENT).create([self.values(c) for c in contacts])
        for partner in partners:
            self._note(partner, self.env._("Taken over from Xero (%(name)s).", name=self.organisation.name))
            self.merges[partner.id] = codec.Merge(frozenset(codec.FIELDS), frozenset(), frozenset())
        self._create_persons([(p, c.person) for p, c in zip(partners, contacts, strict=True) if c.person])
        self._create_people({p: c.people for p, c in zip(partners, contacts, strict=True) if c.people})
        return partners.with_context(**self.env.context)

    def make_one(self, contact):
        """A new partner, if need be without the tax number: Odoo checks it, Xero does not. :raise UserError:"""
        try:
            with self.env.cr.savepoint():
                return self.make([contact])
        except ValidationError as error:
            if not contact.vat:
                raise
            refusal = error
        partner = self.make([replace(contact, vat="")])
        self._note_refused(partner, contact, refusal)
        return partner

    def values(self, contact):
        """Values of a new partner. Without a company, as Odoo's own are, unless the organisation keeps its own."""
        own = self.organisation.contact_own_company
        return {
            "name": contact.name, "is_company": contact.is_company, "email": contact.email or False,
            "phone": contact.phone or False, "vat": contact.vat or False, "ref": contact.ref or False,
            "customer_rank": int(contact.is_customer), "supplier_rank": int(contact.is_supplier),
            "company_id": self.organisation.company_id.id if own else False,
            "active": contact.status == codec.ACTIVE,
        } | self._address(contact)  # fmt: skip

    def _create_persons(self, wanted):
        """The people who speak for companies (S2.4). :param wanted: [(company, name)]"""
        persons = self.env["res.partner"].with_context(**SILENT).create([
            {"name": name} | _under(company) for company, name in wanted
        ])  # fmt: skip
        self.persons |= {company.id: person.id for (company, _name), person in zip(wanted, persons, strict=True)}

    def _create_people(self, wanted):
        """Whom else documents may be sent to (Xero: ContactPersons).

        :param dict wanted: {company: ((name, e-mail), …)}
        """
        self.env["res.partner"].with_context(**SILENT).create([
            {"name": name or email, "email": email or False} | _under(company)
            for company, people in wanted.items() for name, email in people
        ])  # fmt: skip
        for company, people in wanted.items():
            self.people[company.id] = {codec.person_key(*person) for person in people}

    # ---- known partners ---------------------------------------------------------------------------

    def update(self, partner, contact, ours, base, contested):
        """Write what Xero says first or last.

        :param dict ours: what Odoo says, see ``codec.ours``
        :param base: of ``codec.merge``
        :param str contested: ``take``, ``keep`` (both stay as they are) or ``send`` (Odoo's goes to Xero)
        :raise Problem: ``contact_archived_in_use``
        """
        merge = codec.merge(ours, contact.texts(), base, clear=self.organisation.contact_fill == "overwrite")
        taken = merge.taken | (merge.contested if contested == "take" else frozenset())
        owed = merge.owed | (merge.contested if contested == "send" else frozenset())
        self.merges[partner.id] = codec.Merge(taken, owed, merge.contested - taken - owed)
        if "active" in taken and contact.status == codec.ARCHIVED:
            if not self._may_archive(partner):
                taken = taken - {"active"}
        vals = {name: value for name, value in self._taken_values(contact, taken).items()
                if partner._fields[name].convert_to_write(partner[name], partner) != value}  # fmt: skip
        vals |= self._ranks(partner, contact)
        if vals and not self._write(partner, contact, vals):
            taken = taken - {"vat"}
        if taken:
            self._note(partner, self._taken_text(taken))

    def _write(self, partner, contact, vals):
        """:return bool: False where Odoo takes all but the tax number. :raise UserError:"""
        try:
            with self.env.cr.savepoint():
                partner.write(vals)
            return True
        except ValidationError as error:
            if not vals.get("vat"):
                raise
            refusal = error
        partner.write({name: value for name, value in vals.items() if name != "vat"})
        self._note_refused(partner, contact, refusal)
        return False

    def _taken_values(self, contact, taken):
        vals = self._address(contact) if "address" in taken else {}
        for field in taken - {"address", "active"}:
            vals[field] = getattr(contact, field) or False
        if "active" in taken:
            vals["active"] = contact.status == codec.ACTIVE
        return vals

    def _ranks(self, partner, contact):
        roles = {"customer_rank": contact.is_customer, "supplier_rank": contact.is_supplier}
        return {name: 1 for name, is_one in roles.items() if is_one and not partner[name]}

    def _may_archive(self, partner):
        """Whether nothing else holds it: another organisation of Xero's may still deal with it.

        :raise Problem: ``contact_archived_in_use``: Odoo archives no contact of an active user, nor a company's own
        """
        # sudo: users are no bookkeeper's to read, nor are other companies' links
        known = partner.sudo()
        holders = known.user_ids.filtered("active") or known.ref_company_ids
        if holders:
            raise Problem("contact_archived_in_use", holders=", ".join(holders.mapped("display_name")))
        return not self.env["xero.link"].sudo().search_count([
            ("res_model", "=", "res.partner"), ("res_id", "=", partner.id), ("xero_id", "!=", False),
            ("organisation_id", "!=", self.organisation.id), ("xero_status", "!=", codec.ARCHIVED),
            ("organisation_id.state", "=", "connected"),
        ], limit=1)  # fmt: skip

    def follow_person(self, partner, contact, person_id):
        """The person who speaks for the company, where Xero made one here; one who was deleted here stays away.

        :return: partner id or False
        """
        person = self.env["res.partner"].browse(person_id).exists() if person_id else self.env["res.partner"]
        if person and contact.person and person.name != contact.person:
            person.write({"name": contact.person})
        if not person_id and contact.person and partner.is_company and not partner.child_ids:
            self._create_persons([(partner, contact.person)])
        return person_id or self.persons.get(partner.id, False)

    def follow_people(self, partner, contact, known):
        """The further people of a business, once each: from then on they are Odoo's, and who was deleted stays away.

        :param known: keys of those that came before
        :return list: keys of all that have come
        """
        known = set(known) | self.people.get(partner.id, set())
        new = {codec.person_key(*person): person for person in contact.people}
        if new.keys() - known:
            here = {key for child in partner.child_ids
                    for key in (codec.person_key("", child.email), codec.person_key(child.name, ""))}  # fmt: skip
            people = [
                person for key, person in new.items()
                if key not in known and not here & {key, codec.person_key(person[0], "")}
            ]  # fmt: skip
            self._create_people({partner: people} if people else {})
        return sorted(known | new.keys())

    # ---- places -----------------------------------------------------------------------------------

    def kept(self, partner, contact):
        """See ``codec.kept``."""
        street, street2, city, _region, postal_code, _country = contact.address
        same = [partner.street or "", partner.street2 or "", partner.city or "", partner.zip or ""]
        return codec.kept(
            contact, partner.country_id.name or "", partner.state_id.name or "",
            same == [street, street2, city, postal_code],
        )  # fmt: skip

    def _address(self, contact):
        if self._countries is None:
            self._read_places()
        street, street2, city, region, postal_code, country = contact.address
        country_id = self._countries.get(COUNTRIES.get(country.casefold().replace(".", ""), country.casefold()), False)
        return {
            "street": street or False, "street2": street2 or False, "city": city or False, "zip": postal_code or False,
            "country_id": country_id, "state_id": self._regions.get((country_id, region.casefold()), False),
        }  # fmt: skip

    def _read_places(self):
        """Countries by name or code, their states likewise."""
        countries = self.env["res.country"].search_fetch([], ["name", "code"])
        keys = [(country.id, key) for country in countries for key in (country.code, country.name)]
        self._countries = {key.casefold(): country_id for country_id, key in keys if key}
        states = self.env["res.country.state"].search_fetch([], ["name", "code", "country_id"])
        self._regions = {
            (state.country_id.id, key.casefold()): state.id for state in states for key in (state.code, state.name)
        }

    # ---- the chatter ------------------------------------------------------------------------------

    def _note(self, partner, sentence):
        self.notes.setdefault(partner.id, []).append(sentence)

    def _note_refused(self, partner, contact, error):
        self._note(partner, self.env._(
            "Odoo does not take the tax number %(number)s that Xero has: %(detail)s Correct it in Xero, or enter the "
            "right one here.", number=contact.vat, detail=str(error),
        ))  # fmt: skip

    def _taken_text(self, fields):
        names = {"name": "Name", "email": "EmailAddress", "phone": "PhoneNumber", "address": "Address",
                 "vat": "TaxNumber", "ref": "AccountNumber", "active": "Status"}  # fmt: skip
        labels = ", ".join(str(self.env._(LABELS[names[field]])) for field in codec.FIELDS if field in fields)
        return self.env._("From Xero (%(name)s): %(fields)s.", name=self.organisation.name, fields=labels)

    def is_new(self, xero_id):
        """Whether nothing here could be this contact, and nobody deleted what was."""
        hit = self.found.get(xero_id)
        return not hit and not isinstance(hit, Problem) and xero_id not in self.deleted

    def tell(self, partner_ids):
        """One line in the chatter of every partner that was written: what came from Xero."""
        bodies = {
            partner_id: html_escape(" ".join(lines))
            for partner_id, lines in self.notes.items() if partner_id in partner_ids
        }  # fmt: skip
        self.env["res.partner"].browse(bodies)._message_log_batch(bodies=bodies)
        self.notes = {}


def _under(company):
    """Of a person who is reached at ``company``: seen by whoever sees that."""
    return {"parent_id": company.id, "type": "contact", "company_id": company.company_id.id}

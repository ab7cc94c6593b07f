"""Partners as Xero's Contacts: pushed when a document needs them, or when a linked one changes."""

from odoo import fields, models
from odoo.tools import SQL

from .codec import contact as contact_codec
from .codec import contact_received as received_codec
from .codec.digest import digest_of
from .codec.refused import Refused
from .contact_matcher import ContactMatcher
from .deleted_here import remember
from .problems import Problem
from .resource import Element
from .xero_link import NO_ERROR

# What a contact is told from; a partner that changes in one of these notes it (``res_partner.py``).
READ = [
    "name", "is_company", "email", "phone", "street", "street2", "city", "state_id", "zip", "country_id", "vat", "ref",
    "active",
]  # fmt: skip


class XeroResourceContacts(models.AbstractModel):
    _name = "xero.resource.contacts"
    _inherit = "xero.resource"
    _description = "Xero Contacts"

    _resource = "Contacts"
    _res_model = "res.partner"
    _id_key = "ContactID"
    _number_key = "ContactNumber"
    _kind = "contacts"
    _ends_here = True

    def _organisation_ids(self, records):
        """A partner belongs wherever it has a link: a partner nobody invoiced is no business of Xero's."""
        # sudo: links of other companies count too, and no user reads them.
        links = (
            self.env["xero.link"]
            .sudo()
            .search_fetch(
                [("res_model", "=", "res.partner"), ("res_id", "in", records.ids), ("organisation_id", "!=", False)],
                ["organisation_id", "res_id"],
                order="id",
            )
        )
        return [
            (organisation.id, records.browse(mine.mapped("res_id")))
            for organisation, mine in links.grouped("organisation_id").items()
        ]

    def _perhaps_on_their_way(self, records, belonging):
        """A partner whose link a worker is just making: to this transaction it looks like one that nobody invoiced."""
        linked = {(organisation.id, partner_id) for organisation, mine in belonging for partner_id in mine._ids}
        # sudo: the integration's settings are no user's to read
        Organisation = self.env["xero.organisation"].sudo()
        found = []
        for organisation in Organisation.browse(Organisation._all_ids()):
            companies = (organisation.company_id, organisation.company_id.browse())  # its own, or shared by all
            theirs = records.filtered(
                lambda p, o=organisation, c=companies: (o.id, p.id) not in linked and p.company_id in c
            )
            if theirs:
                found.append((organisation, theirs))
        return found

    def _not_as_agreed(self, record_ids, links, changes, versions):
        called_for = {change.res_id for change in changes if change.kind != "touched"}
        concerned = [res_id for res_id in record_ids if res_id in links or res_id in called_for]
        return super()._not_as_agreed(concerned, links, changes, versions)

    def _queue(self, organisation, partner_ids, by_hand):
        """Queue partners for their first way to ``organisation``."""
        partners = self.env["res.partner"].browse(partner_ids)
        self.env["xero.change"].create(self._change_values(organisation, partners, kind="needed", by_hand=by_hand))

    # ---- encoding -----------------------------------------------------------------------------

    def _versions(self, organisation, record_ids):
        settings = f"{organisation.update_contacts:d}"
        self.env["res.partner"].flush_model(READ)
        return {
            partner_id: f"{version}/{settings}"
            for partner_id, version in self.env.execute_query(
                SQL(
                    "SELECT id, concat_ws(' ', xmin, ctid, write_date) FROM res_partner WHERE id IN %s",
                    tuple(record_ids),
                )
            )
        }

    def _let_go(self, link):
        """The contact in Xero is free for another partner: after a merge of partners, for the one that stays. What came
        of it before that was known goes there, too."""
        remember(link)
        if "into" in link.remote:
            self._free_documents(link.organisation_id, [link.remote["was"]])

    def _encode(self, organisation, run, records, links):
        records.fetch(READ)
        unknown = records.filtered(lambda p: not (links.get(p.id) and links[p.id].xero_id))
        matched = self._match(organisation, run, unknown, links)
        return {partner.id: self._encode_one(organisation, partner, links, matched) for partner in records}

    def _encode_one(self, organisation, partner, links, matched):
        link = links.get(partner.id)
        xero_id = link.xero_id if link else ""
        counterpart = matched.get(partner.id)
        if isinstance(counterpart, Problem):
            return counterpart
        if xero_id and not organisation.update_contacts:
            return None
        if counterpart and not organisation.update_contacts:
            links[partner.id] = self._write_link(
                organisation, partner.id, link, {"xero_id": counterpart, "outcome": "synced"}
            )
            return None
        if link and (link.remote or {}).get("merged_to"):
            return None  # its contact has ceased to exist; documents name the one that it was merged into
        try:
            payload = self._payload(partner, link, archived=bool(xero_id))
        except Refused as refused:
            return Problem(refused.code, **refused.data)
        digest = self._digest(payload)
        if counterpart and not xero_id:
            # The match holds even if Xero then refuses our details: documents can already name the contact.
            xero_id = counterpart
            links[partner.id] = self._write_link(organisation, partner.id, link, {"xero_id": xero_id})
        known = (links[partner.id].remote or {}) if partner.id in links else {}
        remote = known | {"sent": contact_codec.names_in(payload)}
        if xero_id:
            payload = {"ContactID": xero_id} | contact_codec.cleared(payload, known.get("sent", ()))
            payload = self._only_ours(organisation, partner, link, payload)
        if organisation._pulls(self._kind):
            remote["ours"] = self._said_here(partner, link)
        told = {"name": partner.name, "email": partner.email or ""}
        return Element(partner.id, payload, digest, create=not xero_id, remote=remote, told=told)

    def _payload(self, partner, link, archived=True):
        """:param bool archived: that a partner is archived is said, too: only of what Xero has
        :raise Refused:"""
        payload = contact_codec.build(self._data(partner, link))
        return payload if partner.active or not archived else payload | {"ContactStatus": "ARCHIVED"}

    def _digest(self, payload):
        """The number is Xero's mark of a record, and says nothing of it."""
        return digest_of({name: value for name, value in payload.items() if name != self._number_key})

    def _said_here(self, partner, link):
        """:return dict: {field: what Odoo says}, see ``codec.contact_received.FIELDS``"""
        return received_codec.ours(self._data(partner, link), partner.active)

    def _only_ours(self, organisation, partner, link, payload):
        """Of an update what was said in Odoo since both sides agreed: what Xero has otherwise is Xero's."""
        known = (link.remote or {}) if link else {}
        before = known.get("ours") if organisation._pulls(self._kind) else None
        said = self._said_here(partner, link)
        changed = {field for field in said if said[field] != before.get(field)} if before else ()
        if not changed:
            return payload
        kept = {name: payload[name] for name in ("ContactID", self._number_key)}
        places = known.get("phone_type", ""), known.get("address_type", ""), known.get("kept")
        return kept | received_codec.limited(payload, changed, *places)

    def _data(self, partner, link):
        remote = (link.remote or {}) if link else {}
        return contact_codec.ContactData(
            number=remote.get("number") or self._number(partner.id, remote.get("generation")),
            name=remote.get("name") or partner.name or "",
            is_company=partner.is_company,
            email=partner.email or "",
            phone=partner.phone or "",
            street=partner.street or "",
            street2=partner.street2 or "",
            city=partner.city or "",
            region=partner.state_id.name or "",
            postal_code=partner.zip or "",
            country=partner.country_id.name or "",
            tax_number=partner.vat or "",
            account_number=partner.ref or "",
        )

    def _number(self, partner_id, generation=0):
        """Our fingerprint on the contact: unique over databases that share an organisation, at most 50 characters."""
        return f"odoo-{self._database_mark()}-{partner_id}" + (f"-{generation + 1}" if generation else "")

    # ---- matching -----------------------------------------------------------------------------

    def _match(self, organisation, run, partners, links):
        """:return dict: {partner id: ContactID to adopt | Problem | None to create}"""
        if not partners:
            return {}
        if not run.contacts_read:
            organisation._read_contacts(run)
            run.contacts_read = True
        forced = {
            partner.id
            for partner in partners
            if links.get(partner.id) and (links[partner.id].remote or {}).get("create")
        }
        matcher = ContactMatcher(organisation)
        matched = matcher.match(partners.filtered(lambda p: p.id not in forced), self._number)
        if not organisation.create_contacts:
            for partner in partners:
                if matched.get(partner.id) is None and partner.id not in forced:
                    matched[partner.id] = Problem("contact_not_allowed")
        return matched

    def _decide(self, organisation, res_id, link, change):
        """A person chose the counterpart, or said that there is none."""
        data = change.data or {}
        known = (link.remote or {}) if link else {}
        if change.kind == "match":
            other = self._links_of(organisation, [data["xero_id"]]) - (link or self.env["xero.link"])
            if other.res_id:
                return {
                    "outcome": "held",
                    "error_code": "contact_linked",
                    "error_data": {"other": other.display_name},
                }
            other._free_waiting()
            other.unlink()  # the contact came, waited for its partner, and has it now
            left = bool(link and link.xero_id and link.xero_id != data["xero_id"])
            return {"xero_id": data["xero_id"], "digest": False, "remote": self._new_life(known, left)}
        if change.kind == "create":
            # Also where a contact is known: it may be archived at Xero for good.
            remote = {"create": True, "name": data.get("name") or False}
            remote |= self._new_life(known, bool(link and link.xero_id))
            return {"remote": remote, "xero_id": False, "digest": False}
        return super()._decide(organisation, res_id, link, change)

    def _new_life(self, known, left):
        """What the link remembers with another contact: the one that it ``left`` keeps the number it had from us."""
        return {"generation": known.get("generation", 0) + left}

    # ---- answers ------------------------------------------------------------------------------

    def _is_ours(self, payload, item):
        return item.get("ContactNumber") == payload["ContactNumber"]

    def _link_values(self, note, item):
        remote = {name: value for name, value in note["remote"].items() if name != "said"}
        if "ours" in remote and "Addresses" in item:  # a row of the mirror does not say everything
            remote["said"] = received_codec.read(item).texts()
        return super()._link_values(note, item) | {
            "xero_number": item.get("Name"),
            "xero_status": item.get("ContactStatus"),
            "remote": remote,
        }

    def _after_apply(self, organisation, links):
        """Documents that their contact stopped, archived or not there, go again: they may have another one now."""
        stopped = self.env["xero.link"].search(
            [
                ("organisation_id", "=", organisation.id),
                ("outcome", "=", "held"),
                ("error_code", "in", ("contact_archived", "contact_not_sent")),
                ("res_model", "in", ("account.move", "account.payment")),
            ]
        )
        partners = set(links.mapped("res_id"))
        for res_model, some in stopped.grouped("res_model").items():
            records = self.env[res_model].browse(some.mapped("res_id")).exists()
            mine = set(records.filtered(lambda record: record._xero_partner().id in partners).ids)
            some.filtered(lambda link, mine=mine: link.res_id in mine).write({"next_attempt": fields.Datetime.now()})

    def _find(self, organisation, run, payloads, sent_at):
        return self._bearers(organisation, run, payloads)

    def _number_values(self, note, payload, link, item, owner):
        """A contact that this one has nothing to do with any more may keep our number: this one takes the next."""
        values = super()._number_values(note, payload, link, item, owner)
        if values or not item:
            return values
        return NO_ERROR | self._again() | {"remote": (link.remote or {}) | self._new_life(link.remote or {}, True)}

    def _behind(self, link, owner, told):
        return {}

    def _bearers(self, organisation, run, payloads):
        """By ContactNumber, in the mirror brought up to date: its cursor is Xero's clock, not ours."""
        organisation._read_contacts(run)
        numbers = [payload["ContactNumber"] for payload in payloads]
        known = self.env["xero.contact"].search_fetch(
            [("organisation_id", "=", organisation.id), ("contact_number", "in", numbers)],
            ["xero_id", "contact_number", "name", "status"],
        )
        found = {
            contact.contact_number: {
                "ContactID": contact.xero_id,
                "ContactNumber": contact.contact_number,
                "Name": contact.name,
                "ContactStatus": contact.status,
            }
            for contact in known
        }
        return [found.get(number) for number in numbers]

    def _needs_of_partners(self, organisation, rows):
        """Queue partners that documents need and Xero does not have. :param rows: [(partner id, by hand)]"""
        if not rows:
            return 0
        known = {
            res_id
            for (res_id,) in self.env.execute_query(
                SQL(
                    """SELECT res_id FROM xero_link WHERE organisation_id = %(organisation)s AND resource = 'Contacts'
                      AND res_model = 'res.partner' AND res_id IN %(ids)s
                   UNION SELECT res_id FROM xero_change
                    WHERE organisation_id = %(organisation)s AND resource = 'Contacts' AND kind != 'touched'
                      AND res_model = 'res.partner' AND res_id IN %(ids)s""",
                    organisation=organisation.id,
                    ids=tuple(partner_id for partner_id, _by_hand in rows),
                )
            )
        }
        missing = {partner_id: by_hand for partner_id, by_hand in rows if partner_id not in known}
        for by_hand in (True, False):
            self._queue(organisation, [p for p, hand in missing.items() if hand is by_hand], by_hand)
        return len(missing)

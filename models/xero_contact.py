"""Mirror of Xero's contacts: only what is needed to recognise one, so that matching costs no call."""

from odoo import fields, models

from .codec.contact_received import read
from .codec.text import email_key, name_key, phone_key
from .resource_take_in import storable


class XeroContact(models.Model):
    _name = "xero.contact"
    _description = "Xero Contact"
    _rec_names_search = ["name", "email", "contact_number", "account_number"]
    _order = "organisation_id, name, id"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="organisation_id.company_id", store=True, index=True)
    xero_id = fields.Char("ContactID", required=True)
    name = fields.Char(required=True)
    name_key = fields.Char(help="Name folded for comparison: case, accents, spaces and punctuation removed.")
    email = fields.Char("EmailAddress")
    email_key = fields.Char(help="E-mail address, normalised.")
    phone_key = fields.Char(help="Digits of the phone that a partner would get.")
    contact_number = fields.Char("ContactNumber")
    account_number = fields.Char("AccountNumber")
    status = fields.Char("ContactStatus")
    merged_to = fields.Char("MergedToContactID")
    pending = fields.Json(help="What Xero says of it, as long as that is still to be taken over.")

    _xero_id_uniq = models.UniqueIndex("(organisation_id, xero_id)")
    _name_key_idx = models.Index("(organisation_id, name_key)")
    _phone_key_idx = models.Index("(organisation_id, phone_key) WHERE phone_key IS NOT NULL")
    _pending_idx = models.Index("(organisation_id) WHERE pending IS NOT NULL")
    _email_key_idx = models.Index("(organisation_id, email_key) WHERE email_key IS NOT NULL")
    _contact_number_idx = models.Index("(organisation_id, contact_number) WHERE contact_number IS NOT NULL")
    _account_number_idx = models.Index("(organisation_id, account_number) WHERE account_number IS NOT NULL")

    def _mirror(self, organisation, items, pending=()):
        """Upsert Xero's contacts in batch, by ContactID.

        :param pending: ContactIDs of those that are still to be taken over
        """
        known = {
            contact.xero_id: contact
            for contact in self.search(
                [("organisation_id", "=", organisation.id), ("xero_id", "in", [item["ContactID"] for item in items])]
            )
        }
        new = {}
        for item in items:
            vals = self._values(item) | {"pending": storable(item) if item["ContactID"] in pending else False}
            if item["ContactID"] in known:
                contact = known[item["ContactID"]]
                changed = {key: value for key, value in vals.items() if (contact[key] or False) != value}
                if changed:
                    contact.write(changed)
            else:
                new[item["ContactID"]] = vals | {"organisation_id": organisation.id, "xero_id": item["ContactID"]}
        self.create(list(new.values()))

    def _stays(self, organisation, xero_id):
        """The contact that is left of one: itself, or what it was merged into, however often.

        :return: ContactID
        """
        seen = set()
        while xero_id not in seen:
            seen.add(xero_id)
            here = [("organisation_id", "=", organisation.id), ("xero_id", "=", xero_id)]
            xero_id = self.search_fetch(here, ["merged_to"]).merged_to or xero_id
        return xero_id

    def _values(self, item):
        return {
            "name": item.get("Name") or "?",
            "name_key": name_key(item.get("Name")) or False,
            "email": item.get("EmailAddress") or False,
            "email_key": email_key(item.get("EmailAddress")) or False,
            "phone_key": phone_key(read(item).phone) or False,
            "contact_number": item.get("ContactNumber") or False,
            "account_number": item.get("AccountNumber") or False,
            "status": item.get("ContactStatus") or False,
            "merged_to": item.get("MergedToContactID") or False,
        }

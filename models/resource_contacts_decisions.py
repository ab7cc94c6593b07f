"""What people decide about contacts: which value counts, and which partner a contact of Xero's is."""

from odoo import models

from .codec import contact_received as codec
from .contact_agreed import difference_rows, last_agreed
from .contact_writer import ContactWriter
from .xero_change import TAKING_IN


class XeroResourceContacts(models.AbstractModel):
    _inherit = "xero.resource.contacts"

    def _compare(self, organisation, record, item):
        ours, theirs = self._said_here(record, None), codec.read(item).texts()
        differing = {field for field in ours if not codec.same(field, ours[field], theirs[field])}
        return difference_rows(differing, ours, theirs)

    def _take_odoo(self, organisation, run, link, difference):
        """Odoo's goes over what both changed; what only Xero changed is taken all the same."""
        item, remote = link.remote_item, link.remote or {}
        record = self.env["res.partner"].browse(link.res_id).exists()
        if remote.get("merged_to"):
            link.remote = {"create": True} | self._new_life(remote, True)
            link.xero_id = False
        elif record and item and self._reads(organisation):
            here = self.with_context(**{TAKING_IN: organisation.id})
            contact = codec.read(item)
            source = ContactWriter(organisation.with_env(here.env), {link.xero_id: contact})
            source.update(record.with_env(here.env), contact, self._said_here(record, link), last_agreed(link), "send")
            link.remote = here._remote(record.with_env(here.env), link, source, contact)
            source.tell({record.id})
        else:
            link.remote = {name: value for name, value in remote.items() if name != "ours"}  # all of it is sent
        return super()._take_odoo(organisation, run, link, difference)

    def _leave_both(self, organisation, run, link, difference, change):
        item, record = link.remote_item, self.env["res.partner"].browse(link.res_id).exists()
        done = super()._leave_both(organisation, run, link, difference, change)
        if item and record and not (link.remote or {}).get("merged_to"):
            agreed = {"ours": self._said_here(record, link), "said": codec.read(item).texts()}
            link.remote = (link.remote or {}) | agreed
        return done

    def _again_steps(self, organisation, run):
        """A person said which partner a waiting contact is, or that it is none of them."""
        changes = self.env["xero.change"].search([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource), ("link_id", "!=", False),
            ("kind", "in", ("match", "create")),
        ], order="id")  # fmt: skip
        for change in changes:
            chosen = {"partner": change.data["partner_id"]} if change.kind == "match" else {"new": True}
            change.link_id.remote = (change.link_id.remote or {}) | {"partner": False, "new": False} | chosen
        yield from super()._again_steps(organisation, run)

"""What people decide about contacts: which value counts, and which partner a contact of Xero's is."""

from odoo import models

from .codec import contact_received as codec
from .contact_agreed import difference_rows, last_agreed
from .contact_writer import ContactWriter
from .xero_change import TAKING_IN
from .xero_link import NO_ERROR


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

    def _note_choices(self, organisation, choices):
        """Note which contacts of Xero's a manager said that partners are; the worker acts on it.

        :param choices: ``[(partner id, ContactID)]``
        :raise AccessError: for whoever is no manager of the integration
        """
        self.env["xero.link"]._check_manager()
        organisation.check_access("read")
        coming = self._coming_with(organisation, choices)
        # sudo: people append decisions; no one has a right on the queue itself
        self.env["xero.change"].sudo().create([
            {
                "organisation_id": organisation.id, "company_id": organisation.company_id.id, "kind": "match",
                "resource": self._resource, "res_model": self._res_model, "by_hand": True,
            } | (
                {"res_id": 0, "link_id": coming[partner_id, xero_id].id, "data": {"partner_id": partner_id}}
                if (partner_id, xero_id) in coming else {"res_id": partner_id, "data": {"xero_id": xero_id}}
            )
            for partner_id, xero_id in choices
        ])  # fmt: skip
        organisation._wake(by_hand=True)

    def _coming_with(self, organisation, choices):
        """Of ``choices`` those whose contact waits here to be taken over, with all that Xero says of it: not where
        contacts do not come (any more), nor for a partner that has another one or was taken out of the sync.

        :return dict: {choice: ``xero.link`` of the contact}
        """
        if not self._reads(organisation):
            return {}
        links = self.env["xero.link"].search([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource),
            ("res_model", "=", self._res_model), "|", ("res_id", "in", [partner_id for partner_id, _id in choices]),
            "&", ("res_id", "=", 0), ("xero_id", "in", [xero_id for _id, xero_id in choices]),
        ])  # fmt: skip
        bound = {link.res_id for link in links if link.res_id and (link.xero_id or link.outcome == "exempt")}
        waiting = {link.xero_id: link for link in links if not link.res_id and link.remote_item}
        return {
            (partner_id, xero_id): waiting[xero_id] for partner_id, xero_id in choices
            if partner_id not in bound and xero_id in waiting
        }  # fmt: skip

    def _apply_decisions(self, organisation, taken, links, changes):
        """Where contacts do not go to Xero, nothing is sent that would end a choice: it is agreed at once."""
        going = super()._apply_decisions(organisation, taken, links, changes)
        if not organisation._pushes(self._kind):
            chosen = self.env["xero.link"].union(*(
                links[change.res_id] for change in changes.filtered(lambda change: change.kind == "match")
                if links[change.res_id].xero_id == change.data["xero_id"]
            )).filtered(lambda link: link.outcome not in ("exempt", "conflict"))  # fmt: skip
            chosen.write({"outcome": "synced"} | NO_ERROR)
            self._release(organisation, chosen, chosen)
        return going

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

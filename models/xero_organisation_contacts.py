"""What an organisation says about contacts from Xero: which come, what they may change, and their groups as tags."""

from odoo import fields, models

from .codec import contact_received as codec

# What of a contact comes was decided by these: when they change, all are looked at again.
REREAD = {"contact_group_ids", "groups_as_tags"}


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    contact_fill = fields.Selection(
        [("fill", "Fill empty fields only"), ("overwrite", "Overwrite with what Xero says")],
        "Contacts found here", default="fill", required=True,
        help="A contact in Xero that is a contact here already, by e-mail, phone or name, is never doubled. Fill: what "
        "Odoo says stays. Overwrite: what Xero says counts, and what is emptied there is emptied here.",
    )  # fmt: skip
    contact_group_ids = fields.Many2many(
        "xero.contact.group", string="Contact groups that come", domain="[('organisation_id', '=', id)]", copy=False,
        groups="xero_integration.group_xero_manager",
        help="Only members of these groups come from Xero. Empty: all contacts come, customers and suppliers.",
    )  # fmt: skip
    groups_as_tags = fields.Boolean(
        "Groups as tags", help="The contact groups of Xero become tags of the contacts here, and follow them."
    )
    contact_own_company = fields.Boolean(
        "Only for its company",
        help="New contacts from Xero are seen in this company alone. Off: by all companies, as Odoo's own are.",
    )  # fmt: skip

    def write(self, vals):
        result = super().write(vals)
        if REREAD & vals.keys():
            self._read_contacts_anew()
        return result

    def _read_contacts_anew(self):
        self._read_anew(["Contacts"])

    def action_match_contacts(self):
        """Everybody who waits for a counterpart, with proposals."""
        self.ensure_one()
        return self.env["xero.match.contacts"]._action_for(self)

    # ---- reading ----------------------------------------------------------------------------------

    def _read_contacts(self, run):
        """Bring the mirror of contacts up to date: all pages the first time, then what changed since.

        What was read so is kept for the take-over, which shares the cursor and would not see it again.
        """
        cursor = self.env["xero.cursor"]._of(self, "Contacts")
        cursor._heed_settings()
        began = fields.Datetime.now()
        times, comes = [], self._pulls("contacts")
        for answer in self._call_pages(run, "Contacts", modified_since=cursor._since(), includeArchived="true"):
            pending = {item["ContactID"] for item in answer.items} if comes else ()
            self.env["xero.contact"]._mirror(self, answer.items, pending)
            times += [item.get("UpdatedDateUTC") for item in answer.items]
        cursor._complete(began, times)

    def _write_parts(self, read):
        """Xero changes no contact's time for what happens to its groups: as often as the groups are read, and only
        where they are used, all contacts are (one call per thousand)."""
        result = super()._write_parts(read)
        # sudo: the worker's own notes. A row before the first read, which in a push has no commit: else a manager who
        # wants everything read anew meanwhile would find none.
        self.env["xero.cursor"].sudo()._of(self, "Contacts")
        if "ContactGroups" in read and (self.groups_as_tags or self.contact_group_ids) and self._pulls("contacts"):
            self._read_contacts_anew()
        return result

    # ---- groups and tags --------------------------------------------------------------------------

    def _follow_groups(self, items):
        """Give the partners of ``items`` the tags of their groups, and take away those that we gave before."""
        if not self.groups_as_tags:
            return
        groups = self._tagged_groups()
        links = self.env["xero.link"].search_fetch([
            ("organisation_id", "=", self.id), ("resource", "=", "Contacts"), ("res_id", "!=", 0),
            ("xero_id", "in", [item.get("ContactID") for item in items]),
        ], ["xero_id", "res_id", "remote"])  # fmt: skip
        partners = {partner.id: partner for partner in self.env["res.partner"].browse(links.mapped("res_id")).exists()}
        by_id = {link.xero_id: link for link in links}
        for item in items:
            link = by_id.get(item.get("ContactID"))
            if link and link.res_id in partners and "ContactGroups" in item:
                self._follow_tags(link, partners[link.res_id], codec.read(item).groups, groups)

    def _follow_tags(self, link, partner, group_ids, groups):
        remote = link.remote or {}
        given = set(remote.get("tags") or ())
        wanted = {groups[group_id].category_id.id for group_id in group_ids if group_id in groups}
        if wanted != given:
            gone = given - wanted
            partner.write({"category_id": [*((4, tag) for tag in sorted(wanted - given)), *((3, tag) for tag in gone)]})
            link.remote = remote | {"tags": sorted(wanted)}

    def _tagged_groups(self):
        """{ContactGroupID: group with its tag}; tags that are missing are made, or found by their name."""
        groups = self.env["xero.contact.group"].search([("organisation_id", "=", self.id)])
        groups._make_tags()
        return {group.xero_id: group for group in groups}


class XeroPolicy(models.Model):
    _inherit = "xero.policy"

    def write(self, vals):
        """Contacts that were read for the matching alone so far come when they are let in."""
        result = super().write(vals)
        if "direction" in vals:
            self.filtered(lambda policy: policy.kind == "contacts").organisation_id._read_contacts_anew()
        return result

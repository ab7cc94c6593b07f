"""How far a record got on its way to Xero, for whoever looks at the record.

Computed, never stored: from the record's links and from the queue, in two queries for any number of records. Mixed into
every model that people look at and a ``xero.resource`` carries.
"""

from dataclasses import dataclass

from odoo import api, fields, models
from odoo.fields import Domain

from .xero_work_item import WORK_STATES

READERS = "account.group_account_invoice,account.group_account_readonly"
# Worst first: a record that belongs to several organisations shows the worst of them.
STATES = [
    *WORK_STATES,
    ("not_sent", "Not sent yet"),
    ("synced", "In Xero"),
    ("voided", "Voided in Xero"),
    ("exempt", "Taken out"),
    ("not_concerned", "Not for Xero"),
]
RANK = {state: rank for rank, (state, _label) in enumerate(STATES)}
QUEUE = tuple(state for state, _label in WORK_STATES)
FINAL = ("VOIDED", "DELETED")


@dataclass
class Standing:
    """Where a record stands with one organisation."""

    state: str
    organisation: object
    link: object
    message: str = ""
    cure: str = ""
    can_send: bool = False


class XeroStateMixin(models.AbstractModel):
    _name = "xero.state.mixin"
    _description = "State at Xero"

    xero_state = fields.Selection(
        STATES, "Xero", compute="_compute_xero", search="_search_xero_state", groups=READERS)
    xero_number = fields.Char("Number in Xero", compute="_compute_xero", groups=READERS)
    xero_url = fields.Char("Page in Xero", compute="_compute_xero", groups=READERS)
    xero_message = fields.Text("What Xero needs", compute="_compute_xero", groups=READERS)
    xero_cure = fields.Char(compute="_compute_xero", groups=READERS)
    xero_can_send = fields.Boolean(compute="_compute_xero", groups=READERS, help="It goes only when a person sends it.")
    xero_link_ids = fields.Many2many("xero.link", string="Xero Links", compute="_compute_xero", groups=READERS)
    xero_link_count = fields.Integer(compute="_compute_xero", groups=READERS)

    # ---- hooks -------------------------------------------------------------------------------

    def _xero_unsent(self):
        """``{record id: organisation}`` of records that should be in Xero and that nobody queued."""
        return {}

    def _xero_unsent_domain(self):
        """The records that should be in Xero at all, in the user's companies, whether they are or not."""
        return Domain.FALSE

    def _xero_parts(self):
        """Other records that stand for these at Xero, as the matchings of a payment do.

        :return dict: {model: {record id: ids of those of ``self`` that it belongs to}}
        """
        return {}

    # ---- compute -----------------------------------------------------------------------------

    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    def _compute_xero(self):
        standings = self._xero_standings()
        for record in self:
            mine = standings.get(record._origin.id, ())
            worst = mine[0] if mine else None
            shown = next((standing.link for standing in mine if standing.link.xero_id), self.env["xero.link"])
            record.xero_state = worst.state if worst else "not_concerned"
            record.xero_number = shown.xero_number
            record.xero_url = shown.xero_url
            record.xero_message = self._xero_sentence(mine)
            record.xero_cure = worst.cure if worst else False
            record.xero_can_send = any(standing.can_send for standing in mine)
            record.xero_link_ids = [link.id for link in (standing.link for standing in mine) if link]
            record.xero_link_count = len(record.xero_link_ids)

    def _xero_sentence(self, standings):
        """The worst organisation's sentence, with its name when there are several."""
        if not standings or not standings[0].message:
            return False
        worst = standings[0]
        several = len({standing.organisation for standing in standings}) > 1
        return f"{worst.organisation.name}: {worst.message}" if several else worst.message

    def _xero_standings(self):
        """``{record id: [Standing, worst first]}`` of the records that Xero has to do with, in two queries."""
        owners = self._xero_owners()
        about = self._xero_about() & Domain.OR(
            Domain("res_model", "=", model) & Domain("res_id", "in", list(ids)) for model, ids in owners.items()
        )
        # sudo: who reads a record may know how it stands with Xero; the domain keeps to the user's companies.
        links = self.env["xero.link"].sudo().search(about)
        items = self.env["xero.work.item"].sudo().search(about)
        standings = {}
        waiting = set()
        for item in items:
            waiting.add((item.organisation_id, item.resource, item.res_model, item.res_id))
            for owner in owners[item.res_model][item.res_id]:
                standings.setdefault(owner, []).append(
                    Standing(item.state, item.organisation_id, item.link_id, item.message, item.cure, item.held_back))
        for link in links:
            if (link.organisation_id, link.resource, link.res_model, link.res_id) not in waiting:
                for owner in owners[link.res_model][link.res_id]:
                    standings.setdefault(owner, []).append(
                        Standing(_state_of(link), link.organisation_id, link, self._xero_note(link)))
        missing = self._origin.filtered(lambda record: record.id not in standings)
        for res_id, organisation in missing._xero_unsent().items():
            standings[res_id] = [Standing("not_sent", organisation, links.browse(), can_send=True)]
        for mine in standings.values():
            mine.sort(key=lambda standing: RANK[standing.state])
        return standings

    def _xero_owners(self):
        """``{model: {record id: ids of those of self that it stands for}}``: themselves and their parts."""
        return {self._name: {record_id: [record_id] for record_id in self._origin.ids}} | self._xero_parts()

    def _xero_about(self):
        """Domain on links and work items: in the companies the user works in."""
        return Domain([
            ("organisation_id", "!=", False),
            ("company_id", "in", self.env.companies.ids),
            ("resource", "not in", ("Attachments", "History")),  # what hangs on a document is not how it stands
        ])

    def _xero_note(self, link):
        reason = (link.error_data or {}).get("reason") if link.outcome == "exempt" else ""
        return self.env._("Taken out of the sync: %(reason)s", reason=reason) if reason else ""

    # ---- search ------------------------------------------------------------------------------

    def _search_xero_state(self, operator, value):
        """A record has one of ``value`` when some organisation has it so, and none has it worse."""
        if operator != "in":
            return NotImplemented
        wanted = {state for state in value if state in RANK}
        domains = []
        for state in wanted:
            worse = [other for other, _label in STATES if RANK[other] < RANK[state] and other not in wanted]
            domains.append(self._xero_has([state]) & ~self._xero_has(worse) if worse else self._xero_has([state]))
        return Domain.OR(domains)

    def _xero_has(self, states):
        """Domain of the records that stand so with at least one organisation."""
        domains = []
        queue = [state for state in states if state in QUEUE]
        # sudo: as in ``_xero_standings``.
        Item, Link = self.env["xero.work.item"].sudo(), self.env["xero.link"].sudo()
        among = self._xero_known
        if queue:
            domains.append(among(Item, [("state", "in", queue)]))
        if "synced" in states:
            domains.append(among(Link, [("outcome", "=", "synced"), ("xero_status", "not in", FINAL)]))
        if "voided" in states:
            domains.append(among(Link, [
                "|", "&", ("outcome", "=", "synced"), ("xero_status", "in", FINAL),
                "&", ("outcome", "=", "gone"), ("error_code", "=", False),
            ]))  # fmt: skip
        if "exempt" in states:
            domains.append(among(Link, [("outcome", "=", "exempt")]))
        if "not_sent" in states:
            domains.append(self._xero_unsent_domain() & ~(among(Link, []) | among(Item, [])))
        if "not_concerned" in states:
            domains.append(~(self._xero_unsent_domain() | among(Link, []) | among(Item, [])))
        return Domain.OR(domains)

    def _xero_known(self, model, domain):
        """Domain of the records that ``model`` (links or work items) speaks of where ``domain`` holds."""
        found = model._search(self._xero_about() & Domain("res_model", "=", self._name) & Domain(domain))
        return Domain("id", "in", found.subselect("res_id"))

    # ---- views -------------------------------------------------------------------------------

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        return (*super()._get_view_cache_key(view_id, view_type, **options), self._xero_is_there())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Where no organisation is connected, lists and searches do not speak of Xero."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type in ("list", "kanban", "search") and not self._xero_is_there():
            for node in arch.xpath("//*[self::field or self::filter][starts-with(@name, 'xero_')]"):
                node.getparent().remove(node)
        return arch, view

    @api.model
    def _xero_is_there(self):
        Organisation = self.env["xero.organisation"]
        return any(Organisation._routes(company.id) for company in self.env.companies)

    # ---- actions -----------------------------------------------------------------------------

    def action_xero_retry(self):
        """Ask for another try with every organisation."""
        return self._xero_queue("retry")

    def action_xero_send(self):
        """Send by hand what goes by itself no more: auto-sync is off, or it is older than the connection."""
        return self._xero_queue("changed")

    def _xero_queue(self, kind):
        Link = self.env["xero.link"]
        Link._check_may_retry(self)
        queued = set()
        owners_of = self._xero_owners()
        links = self.xero_link_ids if kind == "retry" else Link
        incoming = Link._ask_again_for_incoming(links)
        for model, owners in owners_of.items():
            here = self.env[model].browse(owners).exists()
            changes = self.env["xero.change"]._append(here, kind, by_hand=True, besides=incoming)
            queued.update(owner for change in changes for owner in owners[change.res_id])
        for link in incoming + Link._ask_again_for_ended(links - incoming):
            queued.update(owners_of[link.res_model][link.res_id])
        return Link._notify_queued(len(queued), len(self) - len(queued))

    def action_xero_cure(self):
        """Lead to what helps with the worst of it."""
        self.ensure_one()
        worst = self._xero_standings().get(self.id, [None])[0]
        if worst and worst.link:
            # In the user's own environment: from here on their rights count.
            return worst.link.with_env(self.env).action_cure()
        return self.action_xero_retry()

    def action_xero_open(self):
        """The document at Xero, or the list of them when there are several."""
        self.ensure_one()
        links = self.xero_link_ids.filtered("xero_url")
        return links.action_open_in_xero() if len(links) == 1 else self.action_xero_links()

    def action_xero_links(self):
        """How the record stands with every organisation."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": self.env._("In Xero"), "res_model": "xero.link",
            "view_mode": "list", "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("id", "in", self.xero_link_ids.ids)],
        }

    def action_xero_requests(self):
        return self.xero_link_ids.action_open_requests()

    def action_xero_exempt(self):
        """Ask for the reason, then take these records out of the sync."""
        return self.env["xero.exempt"]._action_for(self._xero_targets())

    def action_xero_include(self):
        """Put these records back into the sync."""
        return self.xero_link_ids.filtered(lambda link: link.outcome == "exempt").action_include()

    def _xero_targets(self):
        """What a decision names, linked or not: ``[(organisation id, resource, model, record id)]``."""
        targets = {target for record in self for target in record.xero_link_ids._targets()}
        for model, owners in self._xero_owners().items():
            records = self.env[model].browse(owners).exists()
            for resource in self.env["xero.resource"]._serving(model):
                for organisation, mine in resource._by_organisation(records):
                    targets |= {(organisation.id, resource._resource, model, record_id) for record_id in mine._ids}
        return sorted(targets)


def _state_of(link):
    """The state of a link that nothing waits for."""
    if link.outcome == "synced":
        return "voided" if link.xero_status in FINAL else "synced"
    return "voided" if link.outcome == "gone" else "exempt"

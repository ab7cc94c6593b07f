"""Analytic accounts as Xero's tracking options: made when a document needs them, renamed and archived with them."""

from dataclasses import replace

from odoo import fields, models
from odoo.tools import SQL

from .codec import text
from .codec.digest import digest_of
from .codec.tracking import NAME_LIMIT, OPTIONS
from .deleted_here import deleted_here, remember
from .problems import Problem
from .resource import Element


class XeroResourceTrackingOptions(models.AbstractModel):
    _name = "xero.resource.tracking.options"
    _inherit = "xero.resource.mirrored"
    _description = "Xero Tracking Options"

    _resource = "TrackingOptions"
    _res_model = "account.analytic.account"
    _id_key = "TrackingOptionID"
    _kind = "tracking"
    _ends_here = True

    # ---- whose ----------------------------------------------------------------------------------

    def _organisation_ids(self, records):
        """Wherever the plan is mapped; whether Xero has the option only the worker knows (see ``_not_as_agreed``)."""
        # sudo: the integration's settings are no user's to read, but every change is routed by them.
        mappings = self.env["xero.tracking.mapping"].sudo().search_fetch(
            [("plan_id", "in", records.root_plan_id.ids)], ["organisation_id", "plan_id"]
        )  # fmt: skip
        return [
            (organisation.id, records.filtered(lambda account, plans=mine.plan_id: account.root_plan_id in plans))
            for organisation, mine in mappings.grouped("organisation_id").items()
        ]

    def _not_as_agreed(self, record_ids, links, changes, versions):
        """An account that no document has needed so far is no business of Xero's."""
        wanted = {change.res_id for change in changes if change.kind not in ("changed", "touched")}
        concerned = [res_id for res_id in record_ids if res_id in links or res_id in wanted]
        return super()._not_as_agreed(concerned, links, changes, versions)

    def _append_needs(self, organisation, window):
        """The accounts on the lines of the next documents that Xero does not have yet."""
        plans = organisation._tracked_plans() if organisation._pushes("tracking") else {}
        if not plans:
            return 0
        rows = self.env.execute_query(
            SQL(
                """SELECT needed.account_id, bool_or(needed.by_hand)
                     FROM (SELECT regexp_split_to_table(key, ',')::integer AS account_id, c.by_hand
                             FROM (SELECT res_id, by_hand FROM xero_change
                                    WHERE organisation_id = %s AND res_model = 'account.move' %s
                                    ORDER BY id LIMIT %s) c
                             JOIN account_move_line l ON l.move_id = c.res_id AND l.analytic_distribution IS NOT NULL
                             JOIN LATERAL jsonb_object_keys(l.analytic_distribution) AS key ON key ~ '^[0-9,]+$') needed
                    WHERE NOT EXISTS (SELECT FROM xero_link k
                                       WHERE k.organisation_id = %s AND k.resource = %s AND k.res_id = needed.account_id
                                         AND (k.xero_id IS NOT NULL OR k.outcome != 'gone'))
                    GROUP BY 1 ORDER BY 1""",
                organisation.id,
                SQL() if organisation.auto_sync else SQL("AND by_hand"),
                window,
                organisation.id,
                self._resource,
            )
        )
        by_hand = dict(rows)
        accounts = self.env["account.analytic.account"].browse(by_hand).exists()
        missing = accounts.filtered(lambda account: account.root_plan_id.id in plans)
        return sum(
            self._queue(organisation, missing.filtered(lambda a, hand=hand: by_hand[a.id] is hand), hand)
            for hand in (True, False)
        )

    # ---- encoding -------------------------------------------------------------------------------

    def _encode(self, organisation, run, records, links):
        book = OptionBook(self, organisation)
        return {account.id: self._encode_one(organisation, account, links, book) for account in records}

    def _encode_one(self, organisation, account, links, book):
        link, category = links.get(account.id), book.plans.get(account.root_plan_id.id)
        if not category:
            return None
        payload = self._payload(account, category)
        digest = digest_of(payload)
        same = book.option(category, payload["Name"])
        if other := book.other_than(account, link, category, payload["Name"]):
            return Problem("option_linked", other=other, option=payload["Name"])
        if link and link.xero_id and link.parent_xero_id == category.xero_id:
            return self._update(account, payload, digest, link.xero_id)
        if same:
            links[account.id] = self._adopt(organisation, account, link, same, digest)
            book.taken[same.xero_id] = links[account.id].id
            return None if same.active == account.active else self._update(account, payload, digest, same.xero_id)
        if not account.active:
            return None
        if not book.take_room(account, category, payload["Name"]):
            return Problem("tracking_full", category=category.name, count=OPTIONS)
        return Element(
            account.id, payload, digest, create=True, path=f"TrackingCategories/{category.xero_id}/Options"
        )

    def _payload(self, account, category):
        return {
            "TrackingCategoryID": category.xero_id, "Name": text.one_line(account.name, NAME_LIMIT),
            "Status": "ACTIVE" if account.active else "ARCHIVED",
        }  # fmt: skip

    def _adopt(self, organisation, account, link, option, digest):
        """An option of that name stands for the account, in whatever case of letters. :return: the link"""
        there = {
            "TrackingCategoryID": option.category_id.xero_id, "Name": option.name,
            "Status": "ACTIVE" if option.active else "ARCHIVED",
        }  # fmt: skip
        return self._write_link(organisation, account.id, link, self._facts(there) | {
            "xero_id": option.xero_id, "parent_xero_id": option.category_id.xero_id, "outcome": "synced",
            "digest": digest if option.active == account.active else False,
            "remote_digest": self._remote_digest(there), "synced_at": fields.Datetime.now(),
        })  # fmt: skip

    def _update(self, account, payload, digest, option_id):
        path = f"TrackingCategories/{payload['TrackingCategoryID']}/Options/{option_id}"
        return Element(account.id, payload | {self._id_key: option_id}, digest, create=False, path=path)

    def _own_digest(self, organisation, run, record, link):
        """Without a look for others of that name: what Xero says is being taken over."""
        category = organisation._tracked_plans().get(record.root_plan_id.id)
        return digest_of(self._payload(record, category)) if category else ""

    # ---- answers --------------------------------------------------------------------------------

    def _is_ours(self, payload, item):
        return payload.get(self._id_key, item[self._id_key]) == item[self._id_key] and (
            (item.get("Name") or "").casefold() == payload["Name"].casefold()
        )

    def _facts(self, item):
        return {"xero_number": item.get("Name"), "xero_status": item.get("Status")}

    def _apply(self, request, answers):
        """Xero answers an option without its category, which we know: it is in the path."""
        category_id = request.path.split("/")[1]
        for answer in answers:
            answer.data["TrackingCategoryID"] = category_id
        return super()._apply(request, answers)

    def _link_values(self, note, item):
        return super()._link_values(note, item) | {"parent_xero_id": item["TrackingCategoryID"]}

    def _mirror_item(self, organisation, note, item):
        organisation._mirror_option(item)

    def _forgive(self, link, code):
        if code == "not_in_xero" and link.xero_id:
            gone = self.env["xero.tracking.option"].with_context(active_test=False).search(
                [("organisation_id", "=", link.organisation_id.id), ("xero_id", "=", link.xero_id)]
            )  # fmt: skip
            gone.unlink()
            return self._again() | {"xero_id": False, "error_code": "retry_later", "error_data": False}
        return self._stale(link) if code == "tracking_name_taken" else {}

    def _let_go(self, link):
        """The option is free for another account of that name."""
        remember(link)

    def _standing(self, organisation, option_ids):
        """Those of ``option_ids`` that an analytic account stands for; what a deleted one had is let go. :rtype: set"""
        links = self._links_of(organisation, option_ids)
        there = set(self.env[self._res_model].browse(links.mapped("res_id")).exists().ids)
        dead = links.filtered(lambda link: link.res_id and link.res_id not in there)
        for link in dead:
            self._let_go(link)
            link.write(self._problem_values(self._gone(organisation, link), link))
        return set((links - dead).mapped("xero_id"))

    def _find(self, organisation, run, payloads, sent_at):
        """By its id, else by its name, which is unique in its category: all categories come in one read."""
        answer = organisation._call(run, "get", "TrackingCategories", includeArchived="true")
        items = self._flat(answer.items)
        found = {item[self._id_key]: item for item in items}
        found |= {(item["TrackingCategoryID"], (item.get("Name") or "").casefold()): item for item in items}
        return [
            found.get(payload.get(self._id_key) or (payload["TrackingCategoryID"], payload["Name"].casefold()))
            for payload in payloads
        ]

    def _flat(self, categories):
        """Options of categories, each with the id of its category."""
        return [
            option | {"TrackingCategoryID": category["TrackingCategoryID"]}
            for category in categories
            for option in category.get("Options") or () if option.get(self._id_key)
        ]  # fmt: skip

    # ---- from Xero ------------------------------------------------------------------------------

    def _reads(self, organisation):
        return organisation._pulls("tracking") and bool(organisation._tracked_plans(ended=True))

    def _pages(self, organisation, run, cursor):
        """One read holds all of them; the mirror learns of it, too."""
        answer = organisation._call(run, "get", "TrackingCategories", includeArchived="true")
        if organisation._mirror_tracking(answer.items):
            organisation._mapping_changed()  # what an option or category held may go now
        yield 1, replace(answer, items=self._flat(answer.items))

    def _receive(self, organisation, run, items):
        """What was deleted here comes back only with a document that bears it."""
        gone = deleted_here(
            organisation, self._resource, [item[self._id_key] for item in items if not item.get("Needed")]
        )
        return super()._receive(organisation, run, [item for item in items if item[self._id_key] not in gone])

    def _remote_values(self, item):
        return {key: item.get(key) for key in ("TrackingCategoryID", "Name", "Status")}

    def _welcome(self, organisation, item):
        return item.get("Status") == "ACTIVE" and bool(self._plan_of(organisation, item))

    def _plan_of(self, organisation, item):
        """Id of the plan that the option's category stands for; None when it stands for none."""
        plans = organisation._tracked_plans().items()
        return next((plan for plan, category in plans if category.xero_id == item["TrackingCategoryID"]), None)

    def _counterpart(self, organisation, run, item, source):
        Account = self.env["account.analytic.account"]
        linked = self.env["xero.link"].search_fetch([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource), ("xero_id", "!=", False),
        ], ["res_id"]).mapped("res_id")  # fmt: skip
        return Account.search([
            *Account._check_company_domain(organisation.company_id), ("id", "not in", linked),
            ("root_plan_id", "=", self._plan_of(organisation, item)), ("name", "=ilike", _literally(item["Name"])),
        ], limit=1)  # fmt: skip

    def _create_from(self, organisation, run, item, source):
        return self.env["account.analytic.account"].create({
            "name": item["Name"], "plan_id": self._plan_of(organisation, item),
            "company_id": organisation.company_id.id,
        })  # fmt: skip

    def _update_from(self, organisation, run, record, item, link, source):
        record.write({"name": item["Name"], "active": item.get("Status") == "ACTIVE"})

    def _compare(self, organisation, record, item):
        rows = [
            ("Name", record.name, item["Name"]),
            ("Status", "ACTIVE" if record.active else "ARCHIVED", item.get("Status")),
        ]
        return [{"label": label, "odoo": ours, "xero": theirs} for label, ours, theirs in rows if ours != theirs]

    def _remote_of(self, organisation, record, item):
        return {"parent_xero_id": item["TrackingCategoryID"]}

    def _taken_in(self, organisation, run, links):
        """Documents that waited for an option go again."""
        if links:
            self.env["xero.link"].search([
                ("organisation_id", "=", organisation.id), ("error_code", "=", "incoming_tracking"),
            ]).write({"next_attempt": fields.Datetime.now()})  # fmt: skip

    def _ask_for(self, organisation, run, link):
        answer = organisation._call(run, "get", "TrackingCategories", includeArchived="true")
        return next((item for item in self._flat(answer.items) if item[self._id_key] == link.xero_id), None)


class OptionBook:
    """What Xero has of options, as far as the mirror knows, and what this batch adds to it."""

    def __init__(self, resource, organisation):
        self.env = organisation.env
        self.plans = organisation._tracked_plans()
        options = self.env["xero.tracking.option"].with_context(active_test=False).search(
            [("organisation_id", "=", organisation.id)]
        )  # fmt: skip
        self.known = {(option.category_id, option.name.casefold()): option for option in options}
        self.taken = resource._taken_ids(organisation, options.mapped("xero_id"))
        self.coming = {}
        self.room = {
            category: OPTIONS - len(options.filtered(lambda o, c=category: o.active and o.category_id == c))
            for category in self.plans.values()
        }

    def option(self, category, name):
        return self.known.get((category, name.casefold()))

    def other_than(self, account, link, category, name):
        """Name of another account that the option of this name stands for already; '' if there is none."""
        coming = self.coming.get((category, name.casefold()))
        same = self.option(category, name)
        owner = self.taken.get(same.xero_id) if same else None
        if owner and not (link and link.id == owner):
            return self.env["xero.link"].browse(owner).display_name
        return coming.display_name if coming and coming != account else ""

    def take_room(self, account, category, name):
        """Count a new option. :return bool: whether the category takes it"""
        if self.room[category] <= 0:
            return False
        self.room[category] -= 1
        self.coming[category, name.casefold()] = account
        return True


def _literally(name):
    """``name`` as a pattern of =ilike that matches nothing else."""
    return name.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")

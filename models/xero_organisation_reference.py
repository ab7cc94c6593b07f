"""Xero's reference data, mirrored on connection, on demand and once a day by the worker.

Every part is read and written on its own: one that fails is named and keeps what it had, the others go on. What Xero no
longer lists is archived here, never deleted, because a mapping may point at it. A second refresh of unchanged data
writes nothing but the time.
"""

from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ..xero import errors
from .connection_problems import sentence, sentence_of
from .own_cursor import for_button, locked
from .problems import Problem
from .reference_rows import account, currency, named, rows_of, tax_rate

# These say something about the whole line, so the next part would fail as well.
LINE_ERRORS = (errors.TokenExpired, errors.RateLimited, errors.NotSent, errors.OrganisationOffline, errors.Reconnect)
# What documents are checked against: without one of these the refresh is not done.
ESSENTIAL = ("Organisation", "Accounts", "TaxRates", "Currencies")
# How old it may become before the worker reads it again, and how long it waits when a part that is needed failed.
AGE, AGE_WHEN_FAILED = timedelta(days=1), timedelta(hours=1)


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    reference_report = fields.Json(
        readonly=True, copy=False, help="{part: {rows} or {error, detail}} of the latest refresh."
    )

    reference_due_at = fields.Datetime(
        readonly=True, copy=False, help="When the worker reads it again by itself (UTC); empty: at once."
    )

    def _refresh_reference(self, gateway=None):
        """Read the organisation, accounts, tax rates, currencies, contact groups and tracking categories: six GETs.

        :param gateway: the worker's, if there is one
        :return dict: {part: number of rows that were added, changed or archived}
        :raise errors.XeroError: nothing could be read, or the line is down; the parts read before stay written
        """
        self.ensure_one()
        return self._outcome_of(*self._write_parts(self._read_parts(gateway)))

    def _outcome_of(self, changed, failed):
        """:return dict: ``changed``; :raise errors.XeroError: as ``_refresh_reference``"""
        broken = next((error for error in failed.values() if _ends_the_line(error)), None)
        if broken or (failed and not changed):
            raise broken or next(iter(failed.values()))
        return changed

    def _reference_parts(self):
        """{Xero's name: method that mirrors its items and returns the number of rows it touched}"""
        return {
            "Organisation": self._mirror_organisation,
            "Accounts": self._mirror_accounts,
            "TaxRates": self._mirror_tax_rates,
            "Currencies": self._mirror_currencies,
            "ContactGroups": self._mirror_contact_groups,
            "TrackingCategories": self._mirror_tracking,
        }

    def _read_parts(self, gateway=None):
        """Ask Xero, and write nothing: no row is locked while somebody waits for the network.

        :return dict: {part: list of Xero's items | errors.XeroError}; ends with the first error of the whole line
        """
        if gateway is None:
            with self._gateway() as own:
                return self._read_parts(own)
        read = {}
        for name in self._reference_parts():
            archived = {"includeArchived": "true"} if name == "TrackingCategories" else {}
            try:
                read[name] = [item for item in gateway.get(name, **archived).items if isinstance(item, dict)]
            except errors.XeroError as error:
                read[name] = error
                if _ends_the_line(error):
                    break
        return read

    def _write_parts(self, read):
        """:return tuple: ({part: rows touched}, {part: error})"""
        # Two at once (a person's button, the worker) would insert the same new row: one after the other.
        self.env.flush_all()
        self.env.cr.execute(  # a collision is told by whoever replays it
            SQL("SELECT id FROM xero_organisation WHERE id = %s FOR NO KEY UPDATE", self.id), log_exceptions=False
        )
        mirrors = self._reference_parts()
        changed, failed, report = {}, {}, {}
        first = not self.with_context(active_test=False).account_ids
        for name, items in read.items():
            try:
                if isinstance(items, errors.XeroError):
                    raise items
                changed[name] = mirrors[name](items)
                report[name] = {"rows": len(items)}
            except errors.XeroError as error:
                failed[name] = error
                report[name] = {"error": error.code, "detail": error.detail or ""}
        whole = len(read) == len(mirrors)
        self._parts_read(changed, report if whole else (self.reference_report or {}) | report, first)
        # No retry gives a scope: only a person does.
        sound = whole and all(isinstance(failed[name], errors.ScopeMissing) for name in ESSENTIAL if name in failed)
        now = fields.Datetime.now()
        if sound and changed:
            self.reference_refreshed_at = now
        if whole:  # where the line broke the organisation is parked, and the reading is the first thing after it
            self.reference_due_at = now + (AGE if sound else AGE_WHEN_FAILED)
        return changed, failed

    def _parts_read(self, changed, report, first):
        """What was written is followed up, also where the line broke before the last part.

        :param bool first: no account was known before
        """
        self._follow({"reference_report": report})
        if first:
            self._choose_rounding_account()
        if any(changed.get(name) for name in ("Accounts", "TaxRates", "Currencies", "TrackingCategories")):
            self._mapping_changed()

    def _choose_rounding_account(self):
        """Xero has an account for this very purpose; whoever takes it away later meant it."""
        if not self.rounding_account_id:
            rounding = self.account_ids.filtered(lambda account: account.system_account == "ROUNDING")
            self.rounding_account_id = rounding[:1]

    # ---- the button -----------------------------------------------------------------------------

    def action_refresh_reference(self):
        """Read Xero's reference data now, and say what changed."""
        self.ensure_one()
        self._check_manager()
        if self.state != "connected":
            return self._notify(
                "warning", self.env._("%(name)s is not connected. Press Connect first.", name=self.name)
            )
        try:
            here = for_button(self)
            read = here.sudo()._read_parts()  # sudo: the line, not a look at the credentials
            with locked(here) as organisation:  # in superuser mode: the mirrors are written by the machinery alone
                changed, failed = organisation._write_parts(read)
                # here and now: this transaction cannot see what that one wrote
                texts, failures = organisation._changes_texts(changed), organisation._reference_failures()
            self._outcome_of(changed, failed)
        except errors.XeroError as error:
            return self._notify(
                "danger",
                sentence_of(self.env, error, name=self.name, scope=error.detail, blocks=self.env._("reference data")),
            )
        return self._notify("warning" if failures else "success", " ".join([*texts, *failures]))

    def _changes_texts(self, changed):
        names = self._part_names()
        parts = [f"{names[part]} ({rows})" for part, rows in changed.items() if rows]
        if parts:
            return [self.env._("Changed since the last time: %(parts)s.", parts=", ".join(parts))]
        return [self.env._("Nothing has changed in Xero since the last time.")]

    def _reference_failures(self):
        """A sentence per part that could not be read."""
        return [
            self.env._(
                "%(part)s could not be read, what was known of them stays: %(reason)s",
                part=self._part_names().get(part, part),
                reason=sentence(self.env, entry["error"], self._holes(part, entry)),
            )  # fmt: skip
            for part, entry in (self.reference_report or {}).items()
            if entry.get("error")
        ]

    def _holes(self, part, entry):
        detail = entry.get("detail") or entry["error"]
        return {"detail": detail, "scope": detail, "blocks": self._part_names().get(part, part), "name": self.name}

    def _part_names(self):
        return {
            "Organisation": self.env._("Organisation"),
            "Accounts": self.env._("Accounts"),
            "TaxRates": self.env._("Tax rates"),
            "Currencies": self.env._("Currencies"),
            "ContactGroups": self.env._("Contact groups"),
            "TrackingCategories": self.env._("Tracking categories"),
        }

    # ---- the parts ------------------------------------------------------------------------------

    def _mirror_organisation(self, items):
        if not items:
            raise errors.Unreadable("Organisation")
        before = self._facts()
        self._write_facts(items[0], keep=True)  # the test compares with what it saw itself
        return int(before != self._facts())

    def _facts(self):
        names = (
            "name",
            "short_code",
            "country_code",
            "base_currency",
            "timezone",
            "period_lock_date",
            "year_lock_date",
        )
        return [self[name] for name in names]

    def _check_open(self, day):
        """:raise Problem: ``locked_period``: Xero's books are closed on that day"""
        lock_date = max(filter(None, (self.period_lock_date, self.year_lock_date)), default=None)
        if lock_date and day and day <= lock_date:
            raise Problem("locked_period", date=str(day), lock_date=str(lock_date))

    def _mirror_accounts(self, items):
        return self._mirror("xero.account", "xero_id", rows_of(items, "AccountID", account, needed="Accounts"))

    def _mirror_tax_rates(self, items):
        return self._mirror("xero.tax.rate", "tax_type", rows_of(items, "TaxType", tax_rate, needed="TaxRates"))

    def _mirror_currencies(self, items):
        return self._mirror("xero.currency", "name", rows_of(items, "Code", currency, needed="Currencies"))

    def _mirror_contact_groups(self, items):
        return self._mirror("xero.contact.group", "xero_id", rows_of(items, "ContactGroupID", named("ContactGroupID")))

    def _mirror_tracking(self, items):
        rows = rows_of(items, "TrackingCategoryID", named("TrackingCategoryID"))
        touched = self._mirror("xero.tracking.category", "xero_id", rows)
        categories = self.env["xero.tracking.category"].with_context(active_test=False)
        ids = {c.xero_id: c.id for c in categories.search([("organisation_id", "=", self.id)])}
        options = [
            row | {"category_id": ids[item["TrackingCategoryID"]]}
            for item in items
            if item.get("TrackingCategoryID")
            for row in rows_of(item.get("Options") or (), "TrackingOptionID", named("TrackingOptionID"))
        ]
        return touched + self._mirror("xero.tracking.option", "xero_id", options)

    def _mirror(self, model, key, rows):
        """Upsert by ``key``; archive what is not among ``rows``.

        :return int: rows written
        """
        Model = self.env[model].with_context(active_test=False)
        known = {record[key]: record for record in Model.search([("organisation_id", "=", self.id)])}
        new, touched = {}, 0
        for vals in rows:
            record = known.pop(vals[key], None)
            if record is None:
                new[vals[key]] = vals if "category_id" in vals else vals | {"organisation_id": self.id}
            elif changed := {name: value for name, value in vals.items() if _differs(record, name, value)}:
                record.write(changed)
                touched += 1
        Model.create(list(new.values()))
        gone = Model.concat(*known.values()).filtered("active")
        gone.write({"active": False})
        return touched + len(new) + len(gone)


def _ends_the_line(error):
    return isinstance(error, LINE_ERRORS) and not isinstance(error, errors.ScopeMissing)


def _differs(record, name, value):
    return record._fields[name].convert_to_write(record[name], record) != value

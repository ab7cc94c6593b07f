"""Analytic distributions of a batch of lines as shares of Xero's tracking options: a constant number of queries."""

from .codec.money import decimal
from .codec.tracking import Overdrawn, combine
from .problems import Problem


class TrackingSource:
    """:param organisation: in superuser mode
    :param rows: ``[{analytic_distribution, ...}]`` of every line that will be asked for
    """

    def __init__(self, organisation, rows):
        self.env = organisation.env
        self.categories = organisation._tracked_plans(ended=True) if organisation._pushes("tracking") else {}
        self.plans = list(self.categories)
        self.accounts = self._read_accounts(rows) if self.plans else {}
        self.links = self._read_links(organisation) if self.accounts else {}
        self.active_ids = set(self._read_active(organisation)) if self.links else set()

    def _read_accounts(self, rows):
        """{account id: account} of those that a category stands for"""
        ids = {int(part) for row in rows for key in row["analytic_distribution"] or () for part in key.split(",")}
        accounts = self.env["account.analytic.account"].browse(ids).exists()
        return {account.id: account for account in accounts if account.root_plan_id.id in self.categories}

    def _read_links(self, organisation):
        links = self.env["xero.link"].search_fetch([
            ("organisation_id", "=", organisation.id), ("resource", "=", "TrackingOptions"),
            ("res_model", "=", "account.analytic.account"), ("res_id", "in", list(self.accounts)),
        ], ["res_id", "xero_id", "parent_xero_id"])  # fmt: skip
        return {link.res_id: link for link in links}

    def _read_active(self, organisation):
        options = self.env["xero.tracking.option"].search_fetch(
            [("organisation_id", "=", organisation.id), ("xero_id", "in", [o.xero_id for o in self.links.values()])],
            ["xero_id"],
        )
        return options.mapped("xero_id")

    @property
    def category_ids(self):
        """TrackingCategoryIDs that Odoo says something about; what lines say of others is not ours."""
        return {category.xero_id for category in self.categories.values()}

    def shares(self, row):
        """:return tuple: ``LineData.shares``; empty where nothing is tracked
        :raise Problem: ``tracking_first``, ``tracking_archived``, ``tracking_inactive``,
            ``tracking_category_inactive``, ``tracking_share``
        """
        if not self.accounts or not row["analytic_distribution"]:
            return ()
        distribution = [
            (options, decimal(percent))
            for key, percent in row["analytic_distribution"].items() if (options := self._options(key))
        ]  # fmt: skip
        if not distribution:
            return ()
        try:
            combined = combine(distribution, len(self.plans))
        except Overdrawn as over:
            plan = self.env["account.analytic.plan"].browse(self.plans[over.index])
            raise Problem(
                "tracking_share", line=row["name"] or "-", plan=plan.name, percent=f"{over.percent.normalize():f}"
            ) from over
        return tuple((self._entries(options), percent) for options, percent in combined)

    def _options(self, key):
        """{index of the plan: TrackingOptionID} of one key of a distribution"""
        accounts = [self.accounts[int(part)] for part in key.split(",") if int(part) in self.accounts]
        return {self.plans.index(account.root_plan_id.id): self._option_id(account) for account in accounts}

    def _option_id(self, account):
        link, category = self.links.get(account.id), self.categories[account.root_plan_id.id]
        if not category.active:  # Xero would drop the value without a word
            raise Problem("tracking_category_inactive", category=category.name, plan=account.root_plan_id.name)
        if not account.active:
            raise Problem("tracking_archived", account=account.name)
        if link and link.xero_id and link.parent_xero_id == category.xero_id:
            if link.xero_id not in self.active_ids:  # Xero would drop it without a word
                raise Problem("tracking_inactive", option=account.name, category=category.name)
            return link.xero_id
        raise Problem(
            "tracking_first", account=account.name, account_id=account.id, waiting_for_id=link.id if link else False
        )

    def _entries(self, options):
        return tuple(
            (self.categories[plan].xero_id, option)
            for plan, option in zip(self.plans, options, strict=True) if option is not None
        )  # fmt: skip

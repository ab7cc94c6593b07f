"""Xero's reference data, mirrored on connection, on demand and once a day by the worker."""

from odoo import fields, models

from ..xero import dates


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    def _refresh_reference(self, gateway=None):
        """Read accounts, tax rates, tracking categories, currencies, contact groups and the organisation itself: six GETs.

        :param gateway: the worker's, if there is one
        :raise errors.XeroError: nothing was changed by the part that failed
        """
        self.ensure_one()
        gateway = gateway or self._gateway()
        self._mirror_organisation(gateway.get("Organisation").items[0])
        self._mirror("xero.account", "xero_id", map(_account, gateway.get("Accounts").items))
        self._mirror("xero.tax.rate", "tax_type", map(_tax_rate, gateway.get("TaxRates").items))
        self._mirror("xero.currency", "name", map(_currency, gateway.get("Currencies").items))
        self._mirror("xero.contact.group", "xero_id", map(_contact_group, gateway.get("ContactGroups").items))
        self._mirror_tracking(gateway.get("TrackingCategories", includeArchived="true").items)
        self.reference_refreshed_at = fields.Datetime.now()

    def _mirror_organisation(self, item):
        self.write({
            "name": item.get("Name") or self.name,
            "short_code": item.get("ShortCode"),
            "country_code": item.get("CountryCode"),
            "base_currency": item.get("BaseCurrency"),
            "timezone": item.get("Timezone"),
            "period_lock_date": dates.parse_date(item.get("PeriodLockDate")) or False,
            "year_lock_date": dates.parse_date(item.get("EndOfYearLockDate")) or False,
        })

    def _mirror(self, model, key, rows):
        """Upsert by ``key``; what Xero no longer lists is archived, never deleted: a mapping may point at it."""
        Model = self.env[model].with_context(active_test=False)
        known = {record[key]: record for record in Model.search([("organisation_id", "=", self.id)])}
        new = []
        for vals in rows:
            record = known.pop(vals[key], None)
            if record is None:
                new.append(vals if "category_id" in vals else vals | {"organisation_id": self.id})
            elif changed := {name: value for name, value in vals.items() if record[name] != value}:
                record.write(changed)
        Model.create(new)
        Model.concat(*known.values()).filtered("active").write({"active": False})

    def _mirror_tracking(self, items):
        self._mirror("xero.tracking.category", "xero_id", map(_tracking_category, items))
        categories = self.env["xero.tracking.category"].with_context(active_test=False)
        ids = {c.xero_id: c.id for c in categories.search([("organisation_id", "=", self.id)])}
        self._mirror("xero.tracking.option", "xero_id", [
            {"xero_id": option["TrackingOptionID"], "name": option.get("Name") or "?", "category_id": ids[item["TrackingCategoryID"]],
             "active": option.get("Status") == "ACTIVE"}
            for item in items for option in item.get("Options") or ()
        ])


def _account(item):
    return {
        "xero_id": item["AccountID"],
        "code": item.get("Code") or False,
        "name": item.get("Name") or "?",
        "account_type": item.get("Type") or False,
        "account_class": item.get("Class") or False,
        "tax_type": item.get("TaxType") or False,
        "system_account": item.get("SystemAccount") or False,
        "enable_payments": bool(item.get("EnablePaymentsToAccount")),
        "bank_currency": item.get("CurrencyCode") or False,
        "active": item.get("Status", "ACTIVE") == "ACTIVE",
    }


def _tax_rate(item):
    return {
        "tax_type": item["TaxType"],
        "name": item.get("Name") or item["TaxType"],
        "display_rate": float(item.get("DisplayTaxRate") or 0),
        "effective_rate": float(item.get("EffectiveRate") or 0),
        "components": [
            {
                "Name": part.get("Name"), "Rate": float(part.get("Rate") or 0), "IsCompound": bool(part.get("IsCompound")),
                "IsNonRecoverable": bool(part.get("IsNonRecoverable")),
            }
            for part in item.get("TaxComponents") or ()
        ],
        "to_assets": bool(item.get("CanApplyToAssets")),
        "to_equity": bool(item.get("CanApplyToEquity")),
        "to_expenses": bool(item.get("CanApplyToExpenses")),
        "to_liabilities": bool(item.get("CanApplyToLiabilities")),
        "to_revenue": bool(item.get("CanApplyToRevenue")),
        "active": item.get("Status", "ACTIVE") == "ACTIVE",
    }


def _currency(item):
    return {"name": item["Code"], "description": item.get("Description") or False, "active": True}


def _contact_group(item):
    return {"xero_id": item["ContactGroupID"], "name": item.get("Name") or "?", "active": item.get("Status", "ACTIVE") == "ACTIVE"}


def _tracking_category(item):
    return {"xero_id": item["TrackingCategoryID"], "name": item.get("Name") or "?", "active": item.get("Status") == "ACTIVE"}

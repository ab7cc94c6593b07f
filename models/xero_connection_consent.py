"""What a consent brings: a token set that is never lost, and organisations of which a person keeps what they want."""

from odoo import models

from ..xero import errors, oauth
from .own_cursor import for_button, locked


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    # ---- first step, in the callback: keep the authorisation -----------------------------------

    def _redeem(self, code, verifier):
        """Change the code for tokens and commit them at once, whatever becomes of the browser or this request.

        Another person's consent never replaces a working authorisation: it gets a connection of its own.

        :return int: id of the connection that holds them
        :raise errors.XeroError:
        """
        self.ensure_one()
        with locked(for_button(self)) as connection:
            # Under the lock: the code works once, so who cannot keep what it brings must not spend it.
            tokens = connection._exchange(code, verifier)
            target = connection
            if connection._belongs_to_another(tokens):
                target = connection._twin()
            target.write(target._consent_values(tokens, self.env.user))
            holder = self.browse(target.id)
        holder._note_well()
        return holder.id

    def _exchange(self, code, verifier):
        secret = self._client_secret()
        return oauth.exchange(
            self._hosts(), self.client_id, secret, code, self.redirect_url, verifier, self._timeout()
        )  # fmt: skip

    def _belongs_to_another(self, tokens):
        person = tokens.person.get("xero_userid") or tokens.claims.get("xero_userid")
        live = self.organisation_ids.filtered(lambda organisation: organisation.state == "connected")
        return bool(self.state == "connected" and live and self.xero_user_id and person != self.xero_user_id)

    def _twin(self):
        """The same app for another Xero account. Runs in the cursor of ``locked``."""
        twin = self.copy({"name": self.env._("%(name)s, another account", name=self.name), "client_id": self.client_id})
        twin.client_secret = self._secret()
        return twin

    # ---- second step, in a request of its own: the organisations -------------------------------

    def _take_up_consent(self, expected=None):
        """Look at what was granted: follow what is known, resume what was chosen again, connect a single new choice.

        Asked twice for the same consent it does nothing the second time.

        :param expected: the organisation that the person wanted to reconnect
        :return tuple: (what to tell: ``done``, ``choose``, ``nothing_granted`` or ``other_account``; organisations that
            are connected now and were not before)
        :raise errors.XeroError:
        """
        self.ensure_one()
        offers = self._look_at_offers()
        before = self.organisation_ids
        wanted = expected or before.filtered(lambda o: o.state != "disconnected") or before
        self.consent_pending = False
        self._void_tests()
        if not offers:
            return "nothing_granted", before.browse()
        picked = [offer for offer in offers if offer["picked"]]
        resumed = self._resume(before, picked)
        self._follow_offers(offers)
        self._go_on(resumed)
        if wanted and not wanted.filtered(lambda o: o.state == "connected"):
            return "other_account", resumed
        if not before and len(picked) == 1 and self._may_take(picked[0]):
            resumed = self._adopt(picked[0], self.company_id)
        unused = [offer for offer in picked if offer["tenant_id"] not in self._live_tenants()]
        return ("choose" if unused else "done"), resumed

    def _look_at_offers(self):
        """Ask Xero what it grants and note it. Practices are left out: they have no books (S1.10).

        :return list: ``{tenant_id, name, xero_connection_id, picked}``; *picked*: chosen in the latest consent
        """
        with self._gateway() as gateway:
            found = gateway.connections()
        offers = [
            {
                "tenant_id": row["tenantId"],
                "name": row.get("tenantName") or row["tenantId"],
                "xero_connection_id": row.get("id"),
                "picked": row.get("authEventId") == self.authentication_event_id,
            }
            for row in found
            if row.get("tenantType") == "ORGANISATION" and row.get("tenantId")
        ]
        if offers != self.offered:
            self.offered = offers
        return offers

    def _resume(self, organisations, picked):
        chosen = {offer["tenant_id"] for offer in picked}
        resumed = organisations.filtered(lambda o: o.state != "connected" and o.tenant_id in chosen)
        resumed._connect()
        return resumed

    def _follow_offers(self, offers):
        """Names and ids follow Xero; what it no longer grants is gone, until somebody connects it again."""
        by_tenant = {offer["tenant_id"]: offer for offer in offers}
        for organisation in self._every_organisation():
            offer = by_tenant.get(organisation.tenant_id)
            if offer:
                organisation._follow({"name": offer["name"], "xero_connection_id": offer["xero_connection_id"]})
            elif organisation.state == "connected":
                organisation._gone()

    def _go_on(self, resumed):
        """What the ended authorisation stopped goes by itself now; what was ``resumed`` goes anyway."""
        others = self._every_organisation() - resumed
        stopped = others.filtered(lambda o: o.state == "connected" and o.error_code)
        stopped.write({"error_code": False, "error_message": False, "parked_until": False, "parked_reason": False})
        stopped._wake()

    def _live_tenants(self):
        return set(self._every_organisation().filtered(lambda o: o.state == "connected").mapped("tenant_id"))

    # ---- keeping an organisation ---------------------------------------------------------------

    def _known(self, tenant_id):
        """The record of a tenant in this database, whoever's it is."""
        # sudo: one organisation has one home in the database, also if it is a company the user cannot see.
        return (
            self.env["xero.organisation"].sudo().with_context(active_test=False).search([("tenant_id", "=", tenant_id)])
        )

    def _may_take(self, offer):
        return not self._known(offer["tenant_id"])

    def _adopt(self, offer, company):
        """Keep an organisation that Xero grants, for ``company``: new, or as it was if the company had it before.

        :raise ValidationError: it is tied to another company (its unique index; see the wizard for the sentence)
        """
        known = self._known(offer["tenant_id"]).filtered(lambda o: o.company_id == company).sudo(False)
        if known:
            known.write({"connection_id": self.id, "active": True})
            organisation = known
        else:
            organisation = self.env["xero.organisation"].create(
                {
                    "name": offer["name"],
                    "connection_id": self.id,
                    "company_id": company.id,
                    "tenant_id": offer["tenant_id"],
                }
            )
        organisation._follow({"name": offer["name"], "xero_connection_id": offer["xero_connection_id"]})
        organisation._connect()
        return organisation

    def _settle_in(self, organisations):
        """The calls that a new line deserves, made while the person waits: the connection test and the mirror, and the
        test alone for those whose test a new consent has voided.

        What fails here is written in the report or comes again by itself; the connection stands.

        :param organisations: those that are connected now and were not before
        """
        for organisation in organisations:
            organisation._run_test()
            if organisation.test_passed:
                try:
                    organisation._on_connected()
                except errors.XeroError as error:
                    organisation._needs_person(error)
        for organisation in self.organisation_ids - organisations:
            if organisation.state == "connected" and not organisation.test_passed:
                organisation._run_test()

"""Disconnect: stop both directions here, tell Xero, keep everything (S1.35-S1.41)."""

from odoo import models

from ..xero import errors
from .connection_problems import sentence_of
from .own_cursor import for_button, locked


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    def action_disconnect(self):
        """Stop both directions here and now, then tell Xero. Every record, link and mapping stays (S1.35-S1.40)."""
        self.ensure_one()
        self._check_manager()
        here = for_button(self)
        try:
            with locked(here) as organisation:
                organisation._stop()
        except errors.XeroError as error:
            return self._notify("danger", sentence_of(self.env, error))
        return here._remove_at_xero()

    def _stop(self):
        if self.state != "disconnected":
            self.write({"state": "disconnected", "deletion_pending": bool(self.xero_connection_id)})
        self._switch_cron(False)

    def action_remove_at_xero(self):
        """Another try to tell Xero, after it could not be reached."""
        self.ensure_one()
        self._check_manager()
        return for_button(self)._remove_at_xero()

    def _remove_at_xero(self):
        """Tell Xero, and note how that went. What is read here was just committed: this transaction cannot see it."""
        try:
            with locked(self) as organisation:
                number = organisation.deletion_pending and organisation.xero_connection_id
            failure = self._delete_connection(number) if number else None
            with locked(self) as organisation:
                organisation._note_deletion(failure)
        except errors.XeroError as error:  # it stopped before; the deletion stays pending
            failure = sentence_of(self.env, error)
        return self._say_disconnected(failure)

    def _note_deletion(self, failure):
        self.write({"deletion_pending": bool(failure), "deletion_message": failure})
        if not failure:
            self.xero_connection_id = False
            self._leave_connection()

    def _delete_connection(self, number):
        """DELETE /connections/{id}. Not a revocation: that would take away every organisation of the person.

        :return str: why it did not work, or None
        """
        try:
            with self.connection_id.sudo()._gateway() as gateway:  # sudo: a line, not a look at the credentials
                gateway.delete_connection(number)
        except (errors.NotFound, errors.TenantGone):
            return None  # it was gone already
        except errors.XeroError as error:
            return sentence_of(self.env, error, name=self.name)
        return None

    def _leave_connection(self):
        """With its last organisation a connection gives up its tokens. Runs in the cursor of ``locked``."""
        connection = self.connection_id
        if connection.state != "disconnected" and not connection._every_organisation().filtered(
            lambda organisation: organisation.state == "connected" or organisation.deletion_pending
        ):
            connection._forget_tokens()

    def _say_disconnected(self, failure):
        if failure:
            message = self.env._(
                "Nothing goes in either direction any more. Xero could not be told: %(reason)s "
                "Press “Remove at Xero” later.",
                reason=failure,
            )
        else:
            message = self.env._(
                "Disconnected. Every record, link and mapping stays; Connect resumes where it stopped."
            )
        return self._notify("warning" if failure else "success", message)

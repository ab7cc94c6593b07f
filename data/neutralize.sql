-- A copy of the database must never talk to the live books: no credentials, no tokens, nothing that runs, and no tenant
-- that the copy could be connected to again by mistake (connecting one there makes a new organisation without history).
UPDATE xero_connection
   SET client_secret_encrypted = NULL,
       token_encrypted = NULL,
       token_expires_at = NULL,
       token_refreshed_at = NULL,
       granted_scopes = NULL,
       authentication_event_id = NULL,
       xero_user_id = NULL,
       offered = NULL,
       consent_pending = FALSE,
       error_code = NULL,
       error_detail = NULL,
       state = CASE WHEN state = 'new' THEN 'new' ELSE 'disconnected' END;
DELETE FROM xero_consent;
UPDATE ir_cron
   SET active = FALSE
 WHERE id IN (SELECT cron_id FROM xero_organisation);
UPDATE xero_organisation
   SET state = 'disconnected',
       auto_sync = FALSE,
       test_passed = FALSE,
       deletion_pending = FALSE,
       deletion_message = NULL,
       xero_connection_id = NULL,
       tenant_id = 'neutralized-' || id
 WHERE tenant_id NOT LIKE 'neutralized-%';

"""``xero-python`` with its dangerous parts taken out.

The seam is :meth:`xero_python.api_client.ApiClient.call_api`, not the SDK's methods per endpoint. Both build and send
the same request: address, query, headers and token come from the SDK either way. But the methods per endpoint insist
on typed models: they cannot send ``null``, turn every ``Decimal`` into a float (``1e-05`` on the wire), raise on an
enum value newer than themselves, also while reading the answer to a write that Xero has applied, and would need one
wrapper per endpoint. ``call_api`` takes the body we serialised and hands back the answer unread, so there is one place
to harden:

* its REST client is replaced by one on :class:`.wire.Wire`: no retries, no sleeping, time-outs, allowed hosts only;
* its token has no client secret and no refresh token, so it cannot refresh (which would rotate the token behind our
  back); the saver refuses all the same.
"""

from urllib.parse import urlencode

from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token
from xero_python.rest import RESTClientObject


class _Rest(RESTClientObject):
    """The SDK's sender, reduced to handing over: takes bytes, raises on no status, returns :class:`.wire.Raw`."""

    def __init__(self, wire):
        # deliberately not calling up: that would build a second pool, with urllib3's retries
        self.wire = wire
        self.pool_manager = wire.pool

    def request(
        self,
        method,
        url,
        query_params=None,
        headers=None,
        body=None,
        post_params=None,
        _preload_content=True,
        _request_timeout=None,
    ):
        if query_params:
            url = f"{url}?{urlencode(query_params)}"
        return self.wire.send(method, url, headers or {}, body)


def _refuse_to_save(token):
    raise RuntimeError("the SDK may not refresh tokens")


class Transport:
    """Calls with one access token.

    :param Wire wire:
    :param str access_token:
    """

    def __init__(self, wire, access_token):
        token = {"access_token": access_token, "scope": None, "expires_in": None, "token_type": "Bearer"}
        # `Configuration()` would make ours the default that everyone else's in this process is a copy of
        configuration = type.__call__(Configuration)
        configuration.oauth2_token = OAuth2Token()
        client = ApiClient(configuration, oauth2_token_getter=lambda: token, oauth2_token_saver=_refuse_to_save)
        client.rest_client = _Rest(wire)
        client.user_agent = f"xero_integration for Odoo, {client.user_agent}"
        self._client = client

    def call(self, method, url, *, path=None, query=(), headers=None, body=None):
        """One request through the SDK.

        :param str method: HTTP verb
        :param str url: may hold ``{name}`` parts
        :param dict path: values for these parts; quoted whole, slashes included
        :param query: list of ``(name, text)``
        :param dict headers: beside those of the SDK (token, user agent)
        :param bytes | None body: already serialised
        :rtype: Raw
        :raises WireError: see :meth:`.wire.Wire.send`
        """
        try:
            return self._client.call_api(
                url,
                method,
                path_params=path,
                query_params=list(query),
                header_params=dict(headers or {}),
                body=body,
                auth_settings=["OAuth2"],
                _return_http_data_only=True,
                _preload_content=False,
            )
        finally:
            self._client.last_response = None  # 12 MB need not live on until the next call

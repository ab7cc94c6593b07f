"""Sealing of secrets with a key that is not in the database (S4.11, Xero's security standard: AES-128 or better).

The key is the server option ``xero_encryption_key`` (or the environment's ``XERO_ENCRYPTION_KEY``), else a file
that only the server's user may read, in Odoo's data directory. Several keys, separated by commas, allow a change of
key: the first one seals, all of them open.

What is sealed names its owner and the database it was sealed in. A copy of the database that was made under a new
identity (Odoo's own "duplicate") therefore cannot open it: two databases that rotate the same refresh token would
take the authorisation away from each other.
"""

import contextlib
import json
import logging
import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from odoo.tools import config

_logger = logging.getLogger(__name__)
KEY_FILE = "xero_integration.key"


class SealBroken(Exception):
    """The key is another one than it was sealed with, or what is sealed belongs elsewhere."""


class KeyUnusable(SealBroken):
    """The key of the server's configuration is none: 32 bytes, as URL-safe base64, are."""


def seal(env, owner, value):
    """:param str owner: what the secret is and whose, for instance ``xero.connection/7/token``
    :param str value: the secret
    :return str: text that may stand in the database
    :raise KeyUnusable:
    """
    content = json.dumps({"owner": owner, "database": _database(env), "value": value})
    return _box().encrypt(content.encode()).decode()


def unseal(env, owner, sealed):
    """The secret that :func:`seal` was given.

    :raise SealBroken: wrong key, another owner, another database, or damaged
    """
    try:
        content = json.loads(_box().decrypt((sealed or "").encode()))
    except (InvalidToken, ValueError) as error:
        raise SealBroken("wrong key") from error
    if content.get("owner") != owner or content.get("database") != _database(env):
        raise SealBroken("sealed for another record or database")
    return content["value"]


def _database(env):
    # sudo: the identity of the database is no secret, but only administrators may read parameters.
    return env["ir.config_parameter"].sudo().get_param("database.uuid")


def _box():
    text = config.get("xero_encryption_key") or os.environ.get("XERO_ENCRYPTION_KEY") or _key_of_file()
    keys = [key.strip() for key in text.split(",") if key.strip()]
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        # "from None" would hide nothing: the library's message does not quote the key
        raise KeyUnusable("xero_encryption_key") from error


def _key_of_file():
    path = Path(config["data_dir"]) / KEY_FILE
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_mode & 0o077:
            _logger.warning("%s can be read by others than the server's user: chmod 600 it", path)
        return path.read_text()
    return _new_key_file(path)


def _new_key_file(path):
    """Make the file whole or not at all. When two processes try, both end up with the one that was first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{KEY_FILE}.")  # 0600 from the start
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)
    return path.read_text()

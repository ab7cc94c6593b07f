"""Encryption of what must not be read from the database: the app's secret and the tokens (S4.11).

The key lives outside the database, so a dump alone opens nothing: the server option ``xero_encryption_key`` (or the
environment's ``XERO_ENCRYPTION_KEY``), else a file that only the server's user may read, in Odoo's data directory.
Fernet (AES-128 and HMAC, from ``cryptography``, which Odoo brings) because it refuses what was tampered with.
"""

import base64
import hashlib
import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from odoo.tools import config

KEY_FILE = "xero_encryption.key"


class Unopenable(Exception):
    """The key is not the one this was encrypted with, or the text is no ciphertext of ours."""


def seal(text):
    """:param str text: :return str: ciphertext, different at every call"""
    return _fernet().encrypt(text.encode()).decode()


def unseal(ciphertext):
    """:raise Unopenable: another key, or tampered with"""
    try:
        return _fernet().decrypt(ciphertext.encode()).decode()
    except InvalidToken as error:
        raise Unopenable() from error


def _fernet():
    # Any text serves as a key in the configuration; its digest has the form that Fernet wants.
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(_key()).digest()))


def _key():
    configured = config.get("xero_encryption_key") or os.environ.get("XERO_ENCRYPTION_KEY")
    if configured:
        return configured.encode()
    path = Path(config["data_dir"]) / KEY_FILE
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return _new_key(path)


def _new_key(path):
    """A fresh key in ``path``, whole or not at all; when two processes make one at once, both use the first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(base64.urlsafe_b64encode(os.urandom(32)))
            stream.flush()
            os.fsync(stream.fileno())
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(temporary)
    return path.read_bytes()

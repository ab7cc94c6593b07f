"""Signed tokens (RS256, as at Xero). The simulator looks tokens up and never parses them; clients may verify them."""

from __future__ import annotations

import base64
import hashlib
import json
import threading


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def half_hash(value: str) -> str:
    """``at_hash`` of OpenID Connect: the left half of SHA-256."""
    return b64(hashlib.sha256(value.encode()).digest()[:16])


class Signer:
    """One RSA key per process, made when first needed: most runs start faster without."""

    def __init__(self):
        self._lock = threading.Lock()
        self._private = None

    def sign(self, claims: dict) -> str:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        header = {"alg": "RS256", "kid": self.key_id, "typ": "JWT"}
        head, body = (b64(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
        signature = self._key().sign(f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{head}.{body}.{b64(signature)}"

    @property
    def key_id(self) -> str:
        return hashlib.sha1(str(self._numbers().n).encode(), usedforsecurity=False).hexdigest().upper()

    def key_set(self) -> dict:
        """The public half as a JSON web key set."""
        numbers = self._numbers()
        return {
            "keys": [
                {
                    "kty": "RSA",
                    "use": "sig",
                    "alg": "RS256",
                    "kid": self.key_id,
                    "n": b64(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
                    "e": b64(numbers.e.to_bytes(3, "big")),
                }
            ]
        }

    def _numbers(self):
        return self._key().public_key().public_numbers()

    def _key(self):
        from cryptography.hazmat.primitives.asymmetric import rsa

        with self._lock:
            if self._private is None:
                self._private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            return self._private

"""A device that makes passkeys, in software: what a browser would send, and what a liar would."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url as text

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
SITE: Final = "https://survey.example.com"


@dataclass
class Device:
    """One key pair, its name, and how often it was used."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    name: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    uses: int = 0
    verifies: bool = True
    """Whether it makes sure who holds it."""

    def create(self, options: str, origin: str = SITE) -> str:
        """Answer a page that asks for a new passkey."""
        asked = json.loads(options)
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        made = bytes(16) + len(self.name).to_bytes(2) + self.name + cbor2.dumps(public)
        data = self._data(asked["rp"]["id"], ATTESTED) + made
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._said("webauthn.create", asked, origin, attestationObject=text(attested))

    def get(self, options: str, origin: str = SITE) -> str:
        """Answer a page that asks for a passkey."""
        asked = json.loads(options)
        self.uses += 1
        data = self._data(asked["rpId"], 0)
        heard = self._heard("webauthn.get", asked, origin)
        signature = self.key.sign(data + hashlib.sha256(heard).digest(), ec.ECDSA(hashes.SHA256()))
        return self._said("webauthn.get", asked, origin, authenticatorData=text(data), signature=text(signature))

    def _data(self, site: str, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4)

    def _heard(self, kind: str, asked: dict[str, Any], origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": origin}).encode()

    def _said(self, kind: str, asked: dict[str, Any], origin: str, **parts: str) -> str:
        response = {"clientDataJSON": text(self._heard(kind, asked, origin)), **parts}
        return json.dumps({"id": text(self.name), "rawId": text(self.name), "type": "public-key", "response": response})

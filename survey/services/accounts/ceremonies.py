"""What a browser says of a passkey, checked by py_webauthn (Web Authentication, level 2, sections 7.1 and 7.2). Pure.

Whatever is sent, the outcome is a value or None: the library reads bytes of strangers, and raises many things on them.
"""

import ipaddress
from dataclasses import dataclass
from typing import Final, NamedTuple, Self
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException

LONGEST_ANSWER: Final = 20_000
"""Characters of what a browser sends of a passkey."""
LONGEST_CREDENTIAL: Final = 1_023
"""Bytes of the device's name for a key; the standard allows no more."""
BROKEN: Final = (WebAuthnException, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What the library raises on an answer that is none: its own errors, and those of what it reads with."""


@dataclass(frozen=True)
class Site:
    """Whom a passkey is made for."""

    id: str
    """The host: a passkey is never shown to another one."""
    origin: str
    name: str

    @classmethod
    def at(cls, base_url: str, name: str) -> Self | None:
        """Return the site; None where browsers allow no passkeys: under a bare address, or without encryption.

        >>> Site.at("https://survey.example.com:8443/", "Lighthouse").origin
        'https://survey.example.com:8443'
        >>> Site.at("http://localhost:8000", "Lighthouse").id
        'localhost'
        >>> Site.at("http://survey.example.com", "x"), Site.at("https://127.0.0.1", "x")
        (None, None)
        """
        parts = urlsplit(base_url)
        host = parts.hostname or ""
        secure = parts.scheme == "https" or host == "localhost"
        return cls(host, f"{parts.scheme}://{parts.netloc}", name) if secure and not _is_number(host) else None


@dataclass(frozen=True)
class Answer:
    """What the browser sends."""

    credential: str
    challenge: str


class Made(NamedTuple):
    """A passkey that a device has made."""

    credential: str
    """The device's name for it, in base64url."""
    public_key: bytes
    uses: int


def made(site: Site, asked: bytes, answer: Answer) -> Made | None:
    """Return the passkey that was made for this site and this challenge."""
    try:
        found = webauthn.verify_registration_response(
            credential=answer.credential[:LONGEST_ANSWER],
            expected_challenge=asked,
            expected_rp_id=site.id,
            expected_origin=site.origin,
        )
    except BROKEN:
        return None
    if len(found.credential_id) > LONGEST_CREDENTIAL:
        return None
    return Made(bytes_to_base64url(found.credential_id), found.credential_public_key, found.sign_count)


def named(answer: Answer) -> str | None:
    """Return the name of the passkey that an answer says it is of; whether it is, `uses` tells."""
    try:
        said = parse_authentication_credential_json(answer.credential[:LONGEST_ANSWER])
        return bytes_to_base64url(said.raw_id)
    except BROKEN:
        return None


def uses(site: Site, asked: bytes, answer: Answer, known: Made, *, verified: bool) -> int | None:
    """Return how often a passkey says it was used, where it has signed this challenge for this site.

    Args:
        site: whom it has to be for.
        asked: the challenge.
        answer: what the browser sent.
        known: the passkey as it is kept; its count must have grown, where the device counts.
        verified: whether the device has to have made sure who holds it.
    """
    try:
        found = webauthn.verify_authentication_response(
            credential=answer.credential[:LONGEST_ANSWER],
            expected_challenge=asked,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.uses,
            require_user_verification=verified,
        )
    except BROKEN:
        return None
    return found.new_sign_count


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True

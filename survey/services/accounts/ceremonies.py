"""What a browser says of a passkey, checked by py_webauthn (Web Authentication, level 2, sections 7.1 and 7.2). Pure.

Whatever is sent, the outcome is a value or None: the library reads bytes of strangers, and raises many things on them.
It is imported when the first passkey is asked for: it is a tenth of what a web process would start with.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

LONGEST_ANSWER: Final = 20_000
"""Characters of what a browser sends of a passkey."""
LONGEST_CREDENTIAL: Final = 1_023
"""Bytes of the device's name for a key; the standard allows no more."""
BROKEN: Final = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What the library raises on an answer that is none, beside errors of its own: those of what it reads with."""


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


@dataclass(frozen=True)
class Owner:
    """For whom a passkey is made: what the device keeps, and what it shows."""

    handle: bytes
    email: str
    name: str


def to_make(site: Site, asked: bytes, owner: Owner, known: Sequence[str]) -> str:
    """Return what a page asks the browser to make a passkey of; those that are known are left out."""
    import webauthn  # noqa: PLC0415 - kept out of the start of the web
    from webauthn.helpers import structs  # noqa: PLC0415 - as above

    options = webauthn.generate_registration_options(
        rp_id=site.id,
        rp_name=site.name,
        user_id=owner.handle,
        user_name=owner.email,
        user_display_name=owner.name,
        challenge=asked,
        exclude_credentials=[_described(each) for each in known],
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
    )
    return webauthn.options_to_json(options)


def to_use(site: Site, asked: bytes, known: Sequence[str], *, verified: bool) -> str:
    """Return what a page asks the browser to sign with: one of the passkeys `known`, or any where there is none.

    With `verified` the device has to make sure who holds it.
    """
    import webauthn  # noqa: PLC0415 - as above
    from webauthn.helpers import structs  # noqa: PLC0415 - as above

    demand = structs.UserVerificationRequirement
    options = webauthn.generate_authentication_options(
        rp_id=site.id,
        challenge=asked,
        allow_credentials=[_described(each) for each in known],
        user_verification=demand.REQUIRED if verified else demand.PREFERRED,
    )
    return webauthn.options_to_json(options)


def made(site: Site, asked: bytes, answer: Answer) -> Made | None:
    """Return the passkey that was made for this site and this challenge."""
    import webauthn  # noqa: PLC0415 - as above

    try:
        found = webauthn.verify_registration_response(
            credential=answer.credential[:LONGEST_ANSWER],
            expected_challenge=asked,
            expected_rp_id=site.id,
            expected_origin=site.origin,
        )
    except (webauthn.helpers.exceptions.WebAuthnException, *BROKEN):
        return None
    if len(found.credential_id) > LONGEST_CREDENTIAL:
        return None
    return Made(webauthn.helpers.bytes_to_base64url(found.credential_id), found.credential_public_key, found.sign_count)


def named(answer: Answer) -> str | None:
    """Return the name of the passkey that an answer says it is of; whether it is, `uses` tells."""
    from webauthn import helpers  # noqa: PLC0415 - as above

    try:
        said = helpers.parse_authentication_credential_json(answer.credential[:LONGEST_ANSWER])
        return helpers.bytes_to_base64url(said.raw_id)
    except (helpers.exceptions.WebAuthnException, *BROKEN):
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
    import webauthn  # noqa: PLC0415 - as above

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
    except (webauthn.helpers.exceptions.WebAuthnException, *BROKEN):
        return None
    return found.new_sign_count


def _described(credential: str) -> "PublicKeyCredentialDescriptor":
    from webauthn.helpers import base64url_to_bytes, structs  # noqa: PLC0415 - as above

    return structs.PublicKeyCredentialDescriptor(id=base64url_to_bytes(credential))


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True

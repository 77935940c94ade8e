"""What the company's provider is asked, and whether its answer can be believed (`openid`, which imports this late)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, TypeGuard

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import ClaimError, JoseError
from joserfc.jwk import KeySet

from survey.i18n import Refused
from survey.services.accounts.openid import (
    INCOMPLETE,
    NOT_BELIEVED,
    NOT_SIGNED,
    SILENT,
    TURNED_AWAY,
    WHY,
    Begun,
    Identity,
    Provider,
)
from survey.settings import is_safe_address

SCOPE: Final = "openid email"
ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
"""Signatures that only the provider can make; none of them can be made with its public key or a shared secret."""
KEY_TYPES: Final = ("RSA", "EC", "OKP")
PATIENCE: Final = 10
"""Seconds."""
LEEWAY: Final = 60
"""Seconds by which the provider's clock may differ."""
UNREADABLE: Final = (JoseError, ValueError, TypeError, RecursionError, OverflowError)
"""What libraries raise where an answer is not made as they expect: nested a thousand deep, of another kind, a number
without an end."""
DISCOVERY: Final = "/.well-known/openid-configuration"


def believed(provider: Provider, begun: Begun, signed: str, signers: KeySet, now: dt.datetime) -> Identity:
    """Check an ID token, and return whom it names."""
    claims = jwt.JWTClaimsRegistry(
        now=int(now.replace(tzinfo=dt.UTC).timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        sub={"essential": True},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": begun.nonce},
        azp={"essential": False, "value": provider.client_id},
    )
    try:
        said = jwt.decode(signed, signers, algorithms=ALGORITHMS).claims
        claims.validate(said)
    except ClaimError as error:
        raise Refused(NOT_BELIEVED, why=WHY.get(error.claim, INCOMPLETE)) from error
    except UNREADABLE as error:
        raise Refused(NOT_BELIEVED, why=NOT_SIGNED) from error
    subject, email = said["sub"], said.get("email") if said.get("email_verified") is True else None
    if not _is_text(subject):
        raise Refused(NOT_BELIEVED, why=INCOMPLETE)
    return Identity(f"{provider.issuer} {subject}", email.strip().lower() if _is_text(email) else "")


def _is_text(claim: object) -> TypeGuard[str]:
    """Tell whether a claim is a text that a database can keep, and be asked for: no NUL, no half of a character."""
    return isinstance(claim, str) and claim.isprintable() and bool(claim.strip())


def opened(provider: Provider) -> OAuth2Session:
    """Return what asks the provider."""
    session = OAuth2Session(
        provider.client_id,
        provider.client_secret,
        scope=SCOPE,
        redirect_uri=provider.redirect_uri,
        code_challenge_method="S256",
        default_timeout=PATIENCE,
    )
    session.max_redirects = 0  # the addresses were checked: nobody sends the code or the secret elsewhere
    return session


def described(session: OAuth2Session, provider: Provider) -> dict[str, Any]:
    """Return the provider's own description, whose addresses are checked."""
    facts = _asked(session, provider.issuer.rstrip("/") + DISCOVERY)
    addresses = [facts.get(f"{name}_endpoint") for name in ("authorization", "token")] + [facts.get("jwks_uri")]
    if facts.get("issuer") != provider.issuer:
        raise Refused(NOT_BELIEVED, why=WHY["iss"])
    if not all(isinstance(address, str) and is_safe_address(address) for address in addresses):
        raise Refused(SILENT)
    return facts


def token(session: OAuth2Session, facts: Mapping[str, Any], code: str, verifier: str) -> str:
    """Exchange the code for an ID token; the provider takes a code once, and only with its verifier."""
    known = facts.get("token_endpoint_auth_methods_supported")
    if isinstance(known, list) and "client_secret_basic" not in known:
        session.token_endpoint_auth_method = "client_secret_post"  # noqa: S105 - the name of a method
    try:
        answer = session.fetch_token(facts["token_endpoint"], code=code, code_verifier=verifier)
    except AuthlibBaseError as error:
        raise Refused(TURNED_AWAY) from error
    except (requests.RequestException, AttributeError, *UNREADABLE) as error:
        raise Refused(SILENT) from error
    signed = answer.get("id_token") if isinstance(answer, dict) else None
    if not isinstance(signed, str):
        raise Refused(NOT_BELIEVED, why=INCOMPLETE)
    return signed


def keys(session: OAuth2Session, facts: Mapping[str, Any]) -> KeySet:
    """Return the keys with which the provider signs."""
    listed = _asked(session, facts["jwks_uri"]).get("keys")
    try:
        known = [key for key in listed or [] if key.get("kty") in KEY_TYPES and key.get("use", "sig") == "sig"]
        return KeySet.import_key_set({"keys": known})
    except (AttributeError, *UNREADABLE) as error:
        raise Refused(SILENT) from error


def _asked(session: OAuth2Session, address: str) -> dict[str, Any]:
    try:
        answer = session.get(address, withhold_token=True)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, *UNREADABLE) as error:
        raise Refused(SILENT) from error
    if not isinstance(found, dict):
        raise Refused(SILENT)
    return found

"""OpenID Connect: somebody else, the company's identity provider, says who sits at the browser, and signs it.

The authorization code flow with PKCE (RFC 7636), and what OpenID Connect Core 1.0 asks a client to check (3.1.3.7): the
signature by a key of the provider and never by a shared one, issuer, audience, time, and the nonce of this sign-in.
"""

import datetime as dt
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import ClaimError, JoseError
from joserfc.jwk import KeySet

from survey.i18n import Refused, Sentence
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
LASTS: Final = dt.timedelta(minutes=10)
"""How long signing in at the provider may take."""
DISCOVERY: Final = "/.well-known/openid-configuration"
SILENT: Final = Sentence(
    "The company’s sign-in service cannot be reached, or answers in a way that is not understood. Try again in a "
    "moment, or sign in with your password."
)
TURNED_AWAY: Final = Sentence("The company’s sign-in service did not let you in. Begin again, or ask whoever runs it.")
BEGIN_AGAIN: Final = Sentence("This sign-in began in another browser or too long ago. Begin again here.")
NOT_BELIEVED: Final = Sentence(
    "What the company’s sign-in service said was not believed: %(why)s. Begin again; if it stays, tell whoever runs "
    "this survey."
)
WHY: Final = {
    "iss": Sentence("it names another service"),
    "aud": Sentence("it was meant for another program"),
    "azp": Sentence("it was meant for another program"),
    "exp": Sentence("it has expired"),
    "iat": Sentence("its time is wrong"),
    "nonce": Sentence("it belongs to another sign-in"),
}
NOT_SIGNED: Final = Sentence("it is not signed with the service’s own key")
INCOMPLETE: Final = Sentence("something is missing in it")


@dataclass(frozen=True)
class Provider:
    """The company's identity provider, and what it knows this installation by."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


class Begun(msgspec.Struct, frozen=True):
    """A sign-in that went to the provider; the browser carries it, encrypted, until it comes back."""

    state: str
    nonce: str
    verifier: str
    next: str
    at: dt.datetime


@dataclass(frozen=True)
class Identity:
    """Who sits there, as the provider says."""

    subject: str
    """Issuer and subject: the provider's lasting name for somebody."""
    email: str
    """"" where the provider names none that it has verified."""


def begin(provider: Provider, after: str, now: dt.datetime) -> tuple[str, Begun]:
    """Return the provider's address to go to, and what has to come back.

    Raises:
        Refused: the provider cannot be reached, or its own description cannot be used.
    """
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    begun = Begun(state, nonce, verifier, after, now)
    with _session(provider) as session:
        facts = _described(session, provider)
        address, _state = session.create_authorization_url(
            facts["authorization_endpoint"], state=begun.state, nonce=begun.nonce, code_verifier=begun.verifier
        )
    return str(address), begun


def identity(provider: Provider, begun: Begun | None, returned: Mapping[str, str], now: dt.datetime) -> Identity:
    """Return who sits there, from what the provider sent back with the browser.

    Raises:
        Refused: it belongs to another browser, the provider let nobody in or cannot be reached, or what it says cannot
            be believed; the sentence says which.
    """
    if begun is None or now >= begun.at + LASTS or not hmac.compare_digest(begun.state, returned.get("state", "")):
        raise Refused(BEGIN_AGAIN)
    if returned.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
        raise Refused(NOT_BELIEVED, why=WHY["iss"])
    if "error" in returned or not returned.get("code"):
        raise Refused(TURNED_AWAY)
    with _session(provider) as session:
        facts = _described(session, provider)
        token = _token(session, facts, returned["code"], begun.verifier)
        keys = _keys(session, facts)
    return _believed(provider, begun, token, keys, now)


def _believed(provider: Provider, begun: Begun, token: str, keys: KeySet, now: dt.datetime) -> Identity:
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
        said = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        claims.validate(said)
    except ClaimError as error:
        raise Refused(NOT_BELIEVED, why=WHY.get(error.claim, INCOMPLETE)) from error
    except (JoseError, ValueError, TypeError) as error:
        raise Refused(NOT_BELIEVED, why=NOT_SIGNED) from error
    email = said.get("email") if said.get("email_verified") is True else None
    return Identity(f"{provider.issuer} {said['sub']}", email.strip().lower() if isinstance(email, str) else "")


def _session(provider: Provider) -> OAuth2Session:
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


def _described(session: OAuth2Session, provider: Provider) -> dict[str, Any]:
    """Return the provider's own description, whose addresses are checked."""
    facts = _asked(session, provider.issuer.rstrip("/") + DISCOVERY)
    addresses = [facts.get(f"{name}_endpoint") for name in ("authorization", "token")] + [facts.get("jwks_uri")]
    if facts.get("issuer") != provider.issuer:
        raise Refused(NOT_BELIEVED, why=WHY["iss"])
    if not all(isinstance(address, str) and is_safe_address(address) for address in addresses):
        raise Refused(SILENT)
    return facts


def _token(session: OAuth2Session, facts: Mapping[str, Any], code: str, verifier: str) -> str:
    """Exchange the code for an ID token; the provider takes a code once, and only with its verifier."""
    if "client_secret_basic" not in facts.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
        session.token_endpoint_auth_method = "client_secret_post"  # noqa: S105 - the name of a method
    try:
        answer = session.fetch_token(facts["token_endpoint"], code=code, code_verifier=verifier)
    except AuthlibBaseError as error:
        raise Refused(TURNED_AWAY) from error
    except (requests.RequestException, ValueError) as error:
        raise Refused(SILENT) from error
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise Refused(NOT_BELIEVED, why=INCOMPLETE)
    return token


def _keys(session: OAuth2Session, facts: Mapping[str, Any]) -> KeySet:
    listed = _asked(session, facts["jwks_uri"]).get("keys")
    try:
        keys = [key for key in listed or [] if key.get("kty") in KEY_TYPES and key.get("use", "sig") == "sig"]
        return KeySet.import_key_set({"keys": keys})
    except (JoseError, ValueError, TypeError, AttributeError) as error:
        raise Refused(SILENT) from error


def _asked(session: OAuth2Session, address: str) -> dict[str, Any]:
    try:
        answer = session.get(address, withhold_token=True)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise Refused(SILENT) from error
    if not isinstance(found, dict):
        raise Refused(SILENT)
    return found

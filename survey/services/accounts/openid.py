"""OpenID Connect: somebody else, the company's identity provider, says who sits at the browser, and signs it.

The authorization code flow with PKCE (RFC 7636), and what OpenID Connect Core 1.0 asks a client to check (3.1.3.7): the
signature by a key of the provider and never by a shared one, issuer, audience, time, and the nonce of this sign-in.
"""

import datetime as dt
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from survey.i18n import Refused, Sentence

LASTS: Final = dt.timedelta(minutes=10)
"""How long signing in at the provider may take."""
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
    from survey.services.accounts import openid_provider  # noqa: PLC0415 - its libraries stay out of the web's start

    with openid_provider.opened(provider) as session:
        facts = openid_provider.described(session, provider)
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
    state = returned.get("state", "").encode()  # digests of texts are compared in ASCII alone, and anybody writes this
    if begun is None or now >= begun.at + LASTS or not hmac.compare_digest(begun.state.encode(), state):
        raise Refused(BEGIN_AGAIN)
    if returned.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
        raise Refused(NOT_BELIEVED, why=WHY["iss"])
    if "error" in returned or not returned.get("code"):
        raise Refused(TURNED_AWAY)
    from survey.services.accounts import openid_provider  # noqa: PLC0415 - as above

    with openid_provider.opened(provider) as session:
        facts = openid_provider.described(session, provider)
        token = openid_provider.token(session, facts, returned["code"], begun.verifier)
        keys = openid_provider.keys(session, facts)
    return openid_provider.believed(provider, begun, token, keys, now)

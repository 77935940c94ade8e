"""The letters that let people in leave in runs: to everybody who was invited, and to who has forgotten a password."""

from typing import Final

from survey.database import reading
from survey.i18n import Sentence
from survey.runs.given import Given
from survey.runs.letters import Words
from survey.services import mail_server
from survey.services.accounts import invited
from survey.services.runs import Key, Outcome

ACCOUNTS: Final = Key("account letters", "")
"""One run writes to all who wait."""
FORGOTTEN: Final = "forgotten"
"""The kind of the runs that write to one address each."""
WORDS: Final = Words(
    Sentence("%(accepted)s letters were accepted, then the run stopped; %(left)s are left. %(why)s"),
    Sentence("%(accepted)s letters were accepted; the mail server refused %(left)s: %(addresses)s"),
    Sentence("All letters are out: %(accepted)s were accepted in this run."),
)


def write_to_invited(given: Given) -> Outcome:
    """Write to everybody who was invited and waits, those invited meanwhile too."""
    engine, settings = given.place.engine, given.place.settings
    with reading(engine) as session:
        about = invited.sender(session, settings.base_url, elsewhere=bool(settings.oidc_issuer))
        post = mail_server.post(session, settings)
    return WORDS.told(invited.send(engine, post, about, given.place.now(), given.by, each=given.each))


def write_to_forgetful(given: Given) -> None:
    """Write to an address that asked for a new password, if it has an account; nobody is told, and no row stays."""
    engine, settings = given.place.engine, given.place.settings
    with reading(engine) as session:
        about = invited.sender(session, settings.base_url, elsewhere=bool(settings.oidc_issuer))
        post = mail_server.post(session, settings)
    invited.send_forgotten(engine, post, about, given.about, given.place.now())

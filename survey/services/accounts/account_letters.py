"""The letters to those who sign in: a way in, results, practices to look through, the head of the log. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec

from survey.i18n import Sentence, day
from survey.mail import Letter
from survey.services.accounts import roles
from survey.services.here import day_of, moment
from survey.services.invitations import wording
from survey.services.invitations.codes import grouped
from survey.services.invitations.letters import frame, plain

CHOOSE: Final = Sentence("Choose a password")
LOOK: Final = Sentence("See the results")
LOOK_THROUGH: Final = Sentence("Look through the register")
MORE: Final = Sentence("and %(count)s more")
ELSEWHERE: Final = Sentence("You may also sign in with the account of your company, without choosing a password.")
PUBLISHED: Final = Sentence("The results of wave %(wave)s have been published.")
CLOSED: Final = Sentence("Wave %(wave)s has been closed.")


class Sender(msgspec.Struct, frozen=True):
    """Who writes, and where the survey stands."""

    company: Mapping[str, str]
    base_url: str
    zone: ZoneInfo
    elsewhere: bool = False
    """Whether one may also sign in with an account of the company."""


class Reader(msgspec.Struct, frozen=True):
    """Who signs in."""

    id: int
    email: str
    name: str
    role: str
    language: str


def way_in(sender: Sender, reader: Reader, code: str, until: dt.datetime, *, invited: bool) -> Letter:
    """Write the letter that lets somebody choose a password: the first one, or after forgetting it."""
    return _letter(
        "account" if invited else "forgotten",
        sender,
        reader,
        {
            "role": roles.NAMES[reader.role].to(reader.language),
            "opens": roles.OPENS[reader.role].to(reader.language),
            "link": link(sender.base_url, code, reader.language),
            "address": f"{sender.base_url}/welcome",
            "sign_in": f"{sender.base_url}/sign-in",
            "code": grouped(code),
            "until": moment(until, reader.language, sender.zone),
            "elsewhere": ELSEWHERE.to(reader.language) if sender.elsewhere else "",
        },
    )


def head(sender: Sender, reader: Reader, wave: str, digest: str, *, published: bool) -> Letter:
    """Write the letter that an auditor keeps: what the log's head was when a wave was closed or published."""
    what = (PUBLISHED if published else CLOSED).fill(wave=wave).to(reader.language)
    values = {"wave": wave, "what": what, "code": digest, "log": f"{sender.base_url}/log/"}
    return _letter("head", sender, reader, values)


def results(sender: Sender, reader: Reader, wave: str, units: Sequence[str], k: int) -> Letter:
    """Write the letter that tells somebody that results can be seen; no number stands in it."""
    values = {
        "wave": wave,
        "units": "\n".join(f"- {unit}" for unit in units),
        "link": f"{sender.base_url}/units/?{urlencode({'wave': wave, 'lang': reader.language})}",
        "k": str(k),
    }
    return _letter("results", sender, reader, values, LOOK)


def practices(sender: Sender, reader: Reader, opens: dt.datetime, lines: Sequence[str], more: int) -> Letter:
    """Write the letter that asks what is still going on, before a wave opens; `more` practices are not named."""
    listed = [f"- {line}" for line in lines]
    if more:
        listed.append(f"- {MORE.fill(count=more).to(reader.language)}")
    values = {
        "opens": day(day_of(opens, sender.zone), reader.language),
        "practices": "\n".join(listed),
        "link": f"{sender.base_url}/practices/?{urlencode({'lang': reader.language})}",
    }
    return _letter("practices", sender, reader, values, LOOK_THROUGH)


def link(base_url: str, code: str, language: str) -> str:
    """Return the address that lets somebody choose a password; what follows # is sent to no server.

    >>> link("https://example.com", "0111ABCDEFGH", "en")
    'https://example.com/welcome?lang=en#0111-ABCD-EFGH'
    """
    return f"{base_url}/welcome?lang={language}#{grouped(code)}"


def _letter(kind: str, sender: Sender, reader: Reader, more: Mapping[str, str], begin: Sentence = CHOOSE) -> Letter:
    language, text = reader.language, wording.ours(kind, reader.language)
    values = {"company": sender.company[language], "name": " ".join(reader.name.split()), **more}
    parts = [(part, said) for part, said in wording.parts(text.body, values) if said]
    subject = wording.fill(text.subject, values)
    html = frame().render(language=language, subject=subject, parts=parts, begin=begin.to(language))
    return Letter(to=reader.email, subject=subject, plain=plain(parts), html=html)

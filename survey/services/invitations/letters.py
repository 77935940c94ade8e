"""The words of a letter, in the language of its reader, as plain text and as simple HTML. Pure."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from msgspec.structs import replace

from survey.i18n import LOCALES, day
from survey.mail import Letter
from survey.services.invitations.codes import grouped

TEMPLATES: Final = Path(__file__).parents[3] / "templates" / "email"
MOST_REMINDERS: Final = 2


class Occasion(msgspec.Struct, frozen=True):
    """What all letters of a wave have in common."""

    company: Mapping[str, str]
    base_url: str
    closes_at: dt.datetime
    """UTC without a zone."""
    promise: Mapping[str, tuple[str, ...]]
    """The six lines in a few words each, by language, as they were frozen."""
    wave: str
    opens_at: dt.datetime
    """UTC without a zone."""


class Reader(msgspec.Struct, frozen=True):
    """Who gets a letter."""

    person: int
    name: str
    email: str
    language: str


def invitation(occasion: Occasion, reader: Reader, code: str) -> Letter:
    """Write the letter that holds a person's code."""
    return _letter("invitation", occasion, reader, _way_in(occasion, reader, code), identity(occasion, reader))


def reminder(occasion: Occasion, reader: Reader, sent_on: dt.date, number: int) -> Letter:
    """Write the reply to a person's invitation of that day; it holds no code.

    `number` is 1 for the first reminder and 2 for the last.
    """
    facts = {"sent": day(sent_on, reader.language), "last": number == MOST_REMINDERS}
    written = _letter("reminder", occasion, reader, facts, identity(occasion, reader, number))
    return replace(written, answers=identity(occasion, reader))


def spare(occasion: Occasion, reader: Reader, code: str) -> Letter:
    """Write the letter that holds a spare code, to somebody who lost the first one."""
    return _letter("spare", occasion, reader, _way_in(occasion, reader, code))


def identity(occasion: Occasion, reader: Reader, reminder: int = 0) -> str:
    """Return what names a person's letter, or its reminder: the same whenever it is worked out, and kept nowhere."""
    said = f"letter\0{occasion.wave}\0{occasion.opens_at.isoformat()}\0{reader.person}\0{reminder}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _way_in(occasion: Occasion, reader: Reader, code: str) -> dict[str, object]:
    return {
        "link": link(occasion.base_url, code),
        "address": f"{occasion.base_url}/s",
        "code": grouped(code),
        "promise": occasion.promise[reader.language],
    }


def _letter(kind: str, occasion: Occasion, reader: Reader, more: Mapping[str, object], name: str = "") -> Letter:
    facts = {
        "language": reader.language,
        "company": occasion.company[reader.language],
        "name": " ".join(reader.name.split()),
        "closes": moment(occasion.closes_at, reader.language),
        **more,
    }
    subject, _, plain = _templates().get_template(f"{kind}/{reader.language}.txt").render(facts).partition("\n")
    html = _templates().get_template(f"{kind}/{reader.language}.html").render(facts, subject=subject)
    return Letter(to=reader.email, subject=subject, plain=plain.lstrip("\n"), html=html, identity=name)


def link(base_url: str, code: str) -> str:
    """Return the address that opens the questionnaire with a code; what follows # reaches no log.

    >>> link("https://example.com", "0111ABCDEFGH2345")
    'https://example.com/s#0111-ABCD-EFGH-2345'
    """
    return f"{base_url}/s#{grouped(code)}"


def moment(utc: dt.datetime, language: str) -> str:
    """Say a moment as a reader would, in the time zone of this machine.

    Korean time formats of Babel say "PM 3:05", so the hour is written with 24 hours in both languages.
    """
    here = utc.replace(tzinfo=dt.UTC).astimezone()
    zone = f"UTC{here:%z}"[:6].removesuffix("+00").removesuffix("-00")
    return f"{format_date(here, 'full', LOCALES[language])} {here:%H:%M} ({zone})"


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

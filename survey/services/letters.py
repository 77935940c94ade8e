"""The words of a letter, in the language of its reader, as plain text and as simple HTML. Pure."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from survey.i18n import LOCALES
from survey.mail import Letter
from survey.services.codes import grouped
from survey.services.promise import promise

TEMPLATES: Final = Path(__file__).parents[2] / "templates" / "email"


class Occasion(msgspec.Struct, frozen=True):
    """What all letters of a wave have in common."""

    company: Mapping[str, str]
    base_url: str
    closes_at: dt.datetime
    """UTC without a zone."""
    k: int
    retention_months: int


class Reader(msgspec.Struct, frozen=True):
    """Who gets a letter."""

    person: int
    name: str
    email: str
    language: str


def invitation(occasion: Occasion, reader: Reader, code: str) -> Letter:
    """Write the letter that holds a person's code."""
    facts = {
        "company": occasion.company[reader.language],
        "name": " ".join(reader.name.split()),
        "link": link(occasion.base_url, code),
        "address": f"{occasion.base_url}/s",
        "code": grouped(code),
        "closes": moment(occasion.closes_at, reader.language),
        "promise": [line.short.to(reader.language) for line in promise(occasion.k, occasion.retention_months)],
    }
    subject, _, plain = _templates().get_template(f"invitation/{reader.language}.txt").render(facts).partition("\n")
    html = _templates().get_template(f"invitation/{reader.language}.html").render(facts, subject=subject)
    return Letter(to=reader.email, subject=subject, plain=plain.lstrip("\n"), html=html)


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

"""The words of a letter, in the language of its reader, as plain text and as simple HTML. Pure."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from msgspec.structs import replace

from survey.charts.tokens import LIGHT
from survey.i18n import Sentence, day
from survey.mail import Letter
from survey.services.here import UTC, moment
from survey.services.invitations import wording
from survey.services.invitations.codes import grouped
from survey.services.invitations.wording import KINDS, Text, Texts

MOST_REMINDERS: Final = 2
EXTENSION: Final = MOST_REMINDERS + 1
"""Which reply to the invitation this is, after its reminders."""
BEGIN: Final = Sentence("Begin the survey")
SECONDS: Final = 8
"""For a question, with reading it."""


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
    zone: ZoneInfo = UTC
    """The company's, in which letters say days and hours."""
    questions: int = 25
    extended_from: dt.datetime | None = None
    texts: Texts = msgspec.field(default_factory=dict)
    """Letters in the company's own words; where there is none, ours."""


class Reader(msgspec.Struct, frozen=True):
    """Who gets a letter."""

    person: int
    name: str
    email: str
    language: str


def invitation(occasion: Occasion, reader: Reader, code: str) -> Letter:
    """Write the letter that holds a person's code."""
    return _letter("invitation", occasion, reader, _way_in(occasion, code), identity(occasion, reader))


def reminder(occasion: Occasion, reader: Reader, sent_on: dt.date, number: int) -> Letter:
    """Write the reply to a person's invitation of that day; it holds no code.

    `number` is 1 for the first reminder and 2 for the last.
    """
    return _reply(f"reminder-{number}", occasion, reader, sent_on, number)


def extension(occasion: Occasion, reader: Reader, sent_on: dt.date) -> Letter:
    """Write the reply to a person's invitation of that day that announces a later end; it holds no code."""
    return _reply("extension", occasion, reader, sent_on, EXTENSION)


def spare(occasion: Occasion, reader: Reader, code: str) -> Letter:
    """Write the letter that holds a spare code, to somebody who lost the first one."""
    return _letter("spare", occasion, reader, _way_in(occasion, code))


def example(kind: str, occasion: Occasion, reader: Reader, code: str, today: dt.date) -> Letter:
    """Write a letter with made-up facts, to be looked at before any is sent."""
    longer = replace(occasion, extended_from=occasion.extended_from or occasion.closes_at - dt.timedelta(days=7))
    return _letter(kind, longer, reader, {**_way_in(occasion, code), "sent_on": day(today, reader.language)})


def identity(occasion: Occasion, reader: Reader, reply: int = 0) -> str:
    """Return what names a person's letter, or a reply to it: the same whenever it is worked out, and kept nowhere."""
    said = f"letter\0{occasion.wave}\0{occasion.opens_at.isoformat()}\0{reader.person}\0{reply}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def link(base_url: str, code: str) -> str:
    """Return the address that opens the questionnaire with a code; what follows # reaches no log.

    >>> link("https://example.com", "0111ABCDEFGH2345")
    'https://example.com/s#0111-ABCD-EFGH-2345'
    """
    return f"{base_url}/s#{grouped(code)}"


def minutes(questions: int, language: str) -> str:
    """Say how long so many questions take.

    >>> minutes(25, "en"), minutes(33, "ko")
    ('3 to 4', '4~5')
    """
    least = max(questions * SECONDS // 60, 1)
    return f"{least}~{least + 1}" if language == "ko" else f"{least} to {least + 1}"


def _reply(kind: str, occasion: Occasion, reader: Reader, sent_on: dt.date, number: int) -> Letter:
    facts = {"sent_on": day(sent_on, reader.language)}
    written = _letter(kind, occasion, reader, facts, identity(occasion, reader, number))
    return replace(written, answers=identity(occasion, reader))


def _way_in(occasion: Occasion, code: str) -> dict[str, str]:
    return {"link": link(occasion.base_url, code), "address": f"{occasion.base_url}/s", "code": grouped(code)}


def _letter(kind: str, occasion: Occasion, reader: Reader, more: Mapping[str, str], name: str = "") -> Letter:
    language = reader.language
    text = occasion.texts.get((kind, language)) or wording.ours(kind, language)
    values = {**_facts(occasion, reader), **more}
    parts = list(_parts(kind, text, values, occasion.promise[language], language))
    subject = wording.fill(text.subject, values)
    begin = BEGIN.to(language)
    html = frame().render(language=language, subject=subject, parts=parts, begin=begin)
    return Letter(to=reader.email, subject=subject, plain=plain(parts), html=html, identity=name)


def _facts(occasion: Occasion, reader: Reader) -> dict[str, str]:
    language = reader.language
    facts = {
        "company": occasion.company[language],
        "name": " ".join(reader.name.split()),
        "last_day": moment(occasion.closes_at, language, occasion.zone),
        "questions": str(occasion.questions),
        "minutes": minutes(occasion.questions, language),
    }
    if occasion.extended_from is not None:
        facts["former_last_day"] = moment(occasion.extended_from, language, occasion.zone)
    return facts


def _parts(
    kind: str, text: Text, values: Mapping[str, str], promise: tuple[str, ...], language: str
) -> Iterator[tuple[str, str]]:
    """Yield what the company wrote, and what we say at the end whatever it wrote."""
    yield from wording.parts(text.body, values)
    for name in KINDS[kind].always:
        for paragraph in wording.always(name, language).split("\n\n"):
            if paragraph == "{promise}":
                yield "list", "\n".join(promise)
            else:
                yield ("heading" if "\n" not in paragraph and paragraph[-1] not in ".!?" else "text"), paragraph


def plain(parts: Sequence[tuple[str, str]]) -> str:
    """Return a letter as plain text: link and code stand indented, the promise as a list."""
    written = {
        "link": lambda text: f"    {text}",
        "code": lambda text: f"    {text}",
        "list": lambda text: "\n".join(f"- {line}" for line in text.split("\n")),
    }
    return "\n\n".join(written.get(kind, str)(text) for kind, text in parts) + "\n"


@cache
def frame() -> Template:
    """Return what every letter looks like in HTML."""
    templates = Environment(
        loader=FileSystemLoader(wording.FOLDER),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["colours"] = dict(LIGHT)
    return templates.get_template("letter.html")

"""The letters as text with named places, and what a company may write in them. Pure.

What people write is filled in by looking names up in a table and in no other way: a place is one of the few names that
its letter knows, or it is refused. Where the link and the code may stand is held, so that no text can turn a code into
an address of somebody else; and what is said at the end of a letter, the promise first of all, is ours and stays.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from survey.i18n import Refused, Sentence

FOLDER: Final = Path(__file__).parents[3] / "templates" / "email"
LONGEST_SUBJECT: Final = 120
LONGEST_BODY: Final = 4_000
PLACE: Final = re.compile(r"\{([^{}]*)\}")
DOMAIN: Final = re.compile(r"[\w-]\.[\w-]|://|www\.", re.IGNORECASE)
"""What mail programs make an address of."""

PLACES: Final[Mapping[str, Sentence]] = {
    "company": Sentence("the company’s name"),
    "name": Sentence("the reader’s name"),
    "link": Sentence("the button that opens the survey with the reader’s code; alone on its line"),
    "code": Sentence("the reader’s code; alone on its line"),
    "address": Sentence("where the code can be typed"),
    "last_day": Sentence("until when the survey is open, with the hour"),
    "former_last_day": Sentence("until when it was to be open before it was extended"),
    "sent_on": Sentence("the day of the invitation"),
    "questions": Sentence("how many questions are asked"),
    "minutes": Sentence("how many minutes they take"),
}
"""What each place stands for."""
IN_SUBJECT: Final = frozenset({"company", "name", "last_day"})
"""A subject is shown on locked screens: it holds no code."""
ALONE: Final = frozenset({"link", "code"})

Part = Literal["text", "link", "code"]


class Kind(msgspec.Struct, frozen=True):
    """A letter that the product sends to people of a roster."""

    name: str
    title: Sentence
    when: Sentence
    places: tuple[str, ...]
    required: tuple[str, ...]
    """Places without which the letter would be of no use."""
    always: tuple[str, ...]
    """What we say at its end, whatever the company writes: files of `templates/email/always`."""


WITH_CODE: Final = ("company", "name", "link", "code", "address", "last_day", "questions", "minutes")
WITHOUT_CODE: Final = ("company", "name", "sent_on", "last_day", "questions", "minutes")
KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind(
            "invitation",
            Sentence("Invitation"),
            Sentence("To everybody with an e-mail address, once the wave is open. It holds the reader’s code."),
            WITH_CODE,
            ("link", "code"),
            ("promise",),
        ),
        Kind(
            "reminder-1",
            Sentence("First reminder"),
            Sentence("From day 3 on, to everybody who got the invitation, as a reply to it. It holds no code."),
            WITHOUT_CODE,
            ("last_day",),
            ("everybody",),
        ),
        Kind(
            "reminder-2",
            Sentence("Second and last reminder"),
            Sentence("From day 5 on, to everybody who got the invitation, as a reply to it. It holds no code."),
            WITHOUT_CODE,
            ("last_day",),
            ("everybody",),
        ),
        Kind(
            "spare",
            Sentence("Spare code"),
            Sentence("To somebody who lost the invitation. It holds another code."),
            WITH_CODE,
            ("link", "code"),
            ("once", "promise"),
        ),
        Kind(
            "extension",
            Sentence("Extension"),
            Sentence(
                "To everybody who got the invitation, as a reply to it, if you extend the wave. It holds no code."
            ),
            (*WITHOUT_CODE, "former_last_day"),
            ("last_day",),
            ("everybody",),
        ),
    )
}


class Text(msgspec.Struct, frozen=True):
    """What a letter says, with its places."""

    subject: str
    body: str


Texts = Mapping[tuple[str, str], Text]
"""The letters in use, by kind and language."""


@cache
def ours(kind: str, language: str) -> Text:
    """Return a letter as it ships with the product: the subject in the first line, the body after an empty one."""
    subject, _, body = (FOLDER / kind / f"{language}.txt").read_text("utf-8").partition("\n")
    return Text(subject, body.strip("\n"))


@cache
def always(name: str, language: str) -> str:
    """Return what we say at the end of a letter."""
    return (FOLDER / "always" / f"{name}_{language}.txt").read_text("utf-8").strip("\n")


def checked(kind: Kind, subject: str, body: str) -> Text:
    """Return what somebody wrote as it is kept.

    Raises:
        Refused: it is empty or too long, holds what cannot be seen, an unknown place, or lacks one that it needs.
    """
    text = Text(subject.strip(), "\n".join(line.rstrip() for line in body.splitlines()).strip("\n"))
    if not text.subject or not text.body:
        raise Refused("A letter has a subject and a text.")
    if len(text.subject) > LONGEST_SUBJECT or len(text.body) > LONGEST_BODY:
        raise Refused(
            "A subject has up to %(subject)s characters and a text up to %(body)s.",
            subject=LONGEST_SUBJECT,
            body=f"{LONGEST_BODY:,}",
        )
    if not text.subject.isprintable() or not all(line.isprintable() for line in text.body.split("\n")):
        raise Refused("The text holds characters that nobody can see. Type it anew, or paste it as plain text.")
    _check_places(text.subject, [name for name in kind.places if name in IN_SUBJECT])
    _check_places(text.body, kind.places)
    _check_alone(kind, text.body)
    _check_addresses(text.body)
    return text


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its places filled in, once: what is filled in is not looked at again.

    >>> fill("{name}, {code.__class__}", {"name": "{code}", "code": "0111"})
    '{code}, {code.__class__}'
    """
    return PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def parts(body: str, values: Mapping[str, str]) -> Iterator[tuple[Part, str]]:
    """Yield a letter's paragraphs, filled in; link and code, each alone on its line, are parts of their own."""
    for paragraph in re.split(r"\n{2,}", body):
        lines: list[str] = []
        for line in paragraph.split("\n"):
            name = line.strip()[1:-1]
            if line.strip() not in {"{link}", "{code}"}:
                lines.append(line)
                continue
            if lines:
                yield "text", fill("\n".join(lines), values)
                lines = []
            yield ("link" if name == "link" else "code"), values[name]
        if lines:
            yield "text", fill("\n".join(lines), values)


def digest(texts: Texts) -> str:
    """Return the SHA-256 of all letters in use."""
    said = sorted([*key, text.subject, text.body] for key, text in texts.items())
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _check_places(text: str, known: Iterable[str]) -> None:
    strangers = sorted({name for name in PLACE.findall(text) if name not in set(known)})
    if strangers:
        raise Refused(
            "%(strangers)s cannot be filled in here. There are: %(names)s.",
            strangers=", ".join(f"{{{name}}}" for name in strangers),
            names=", ".join(f"{{{name}}}" for name in known),
        )


def _check_alone(kind: Kind, body: str) -> None:
    """Refuse a letter that lacks what it needs, or holds link or code twice or among other words."""
    found = PLACE.findall(body)
    missing = [f"{{{name}}}" for name in kind.required if name not in found]
    if missing:
        raise Refused(
            "%(names)s is missing: without it the letter is of no use to its reader.", names=", ".join(missing)
        )
    lines = [line.strip() for line in body.split("\n")]
    for name in ALONE & set(found):
        if found.count(name) != 1 or f"{{{name}}}" not in lines:
            raise Refused(
                "%(name)s stands once, alone on its line: nothing may come before or after it, so that a code never "
                "becomes part of an address.",
                name=f"{{{name}}}",
            )


def _check_addresses(body: str) -> None:
    """Refuse an address with a place in it: it would tell somebody else's server who opened it."""
    for word in body.split():
        rest = PLACE.sub("", word)
        glued = "{address}" in word and (len(PLACE.findall(word)) > 1 or any(c in rest for c in "?#&=/@"))
        if rest != word and (glued or DOMAIN.search(rest)):
            raise Refused(
                "%(word)s: an address holds nothing of its reader. Leave a space, or the place out.", word=word
            )

"""Korean and English: one translator for pages, letters, the command line and PDFs, with or without a request.

English sentences are the keys; the Korean ones stand in `translations/ko/*.po`, one catalogue for each reader, and are
read as they are (no compile step that could be forgotten).
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, Self

from babel.dates import format_date
from babel.messages.pofile import read_po

LANGUAGES: Final = ("ko", "en")
LOCALES: Final = {"ko": "ko", "en": "en_GB"}
"""How each language writes days: in English the day before the month, which nobody outside America takes amiss."""
CATALOGUES: Final = Path(__file__).parent / "translations"
_PER_CENT: Final = re.compile(r" (?=%(?!\())")
"""The space between a number and its per cent sign, at which no line may break."""


class Catalogue:
    """The sentences of one language, looked up by their English wording."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._sentences: dict[str, str] = {}
        for path in sorted((CATALOGUES / language).glob("*.po")):
            with path.open("rb") as file:
                for message in read_po(file, locale=language):
                    if message.id and message.string:
                        self._sentences[_first(message.id)] = _first(message.string)

    def gettext(self, text: str) -> str:
        """Return `text` in this language, or as it is where English is asked for."""
        return unbroken(self._sentences.get(text, text))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return the form for `count`; Korean has one form for all."""
        if one in self._sentences:
            return unbroken(self._sentences[one])
        return unbroken(one if count == 1 else many)

    def __contains__(self, text: str) -> bool:
        return text in self._sentences


def unbroken(text: str) -> str:
    """Return a sentence in which no line breaks before a per cent sign.

    >>> unbroken("%(share)s %% of %(n)s people").replace("\N{NO-BREAK SPACE}", "_")
    '%(share)s_%% of %(n)s people'
    """
    return _PER_CENT.sub("\N{NO-BREAK SPACE}", text)


def _first(forms: str | tuple[str, ...] | list[str]) -> str:
    return forms if isinstance(forms, str) else forms[0]


@cache
def catalogue(language: str) -> Catalogue:
    """Return the sentences of `language`, one of `LANGUAGES`."""
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} is none of {', '.join(LANGUAGES)}")
    return Catalogue(language)


def day(date: dt.date, language: str) -> str:
    """Return a day as a reader of `language` writes it.

    >>> day(dt.date(2026, 11, 30), "en"), day(dt.date(2026, 11, 30), "ko")
    ('30 November 2026', '2026년 11월 30일')
    """
    return format_date(date, "long", LOCALES[language])


@dataclass(frozen=True)
class Sentence:
    """A sentence with its facts, said in a language only where a reader is known.

    >>> Sentence("%(n)s rows").fill(n=3).to("en")
    '3 rows'
    """

    text: str
    facts: dict[str, object] = field(default_factory=dict)

    def fill(self, **facts: object) -> Self:
        """Return the sentence with `facts` for its `%(name)s` places; a fact may be a sentence itself."""
        return type(self)(self.text, {**self.facts, **facts})

    def to(self, language: str) -> str:
        """Say it in `language`."""
        facts = {name: fact.to(language) if isinstance(fact, Sentence) else fact for name, fact in self.facts.items()}
        return catalogue(language).gettext(self.text) % facts if facts else catalogue(language).gettext(self.text)

    def __str__(self) -> str:
        return self.to("en")


class Refused(Exception):  # noqa: N818 - it names what happened, as the design's words do
    """Something was asked that cannot be done; the sentence says why and what to do instead."""

    def __init__(self, text: str | Sentence, **facts: object) -> None:
        self.sentence = text.fill(**facts) if isinstance(text, Sentence) else Sentence(text, facts)
        super().__init__(str(self.sentence))

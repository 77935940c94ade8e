"""The promise as it was read: frozen at the opening as canonical JSON in both languages, with the facts it rests on.

Its SHA-256 is the promise's digest. The page before the first question, the page that everybody can keep and the
command show this text and no other, whatever the running program would say by now; the report prints its digest.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from survey.i18n import LANGUAGES, Sentence
from survey.services.waves.promise import REHEARSAL, REHEARSAL_LIMITS, in_numbers, limits, promise


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a promise rests on."""

    wave: str
    k: int
    detail_k: int
    retention_months: int
    strict: bool
    sealed: bool
    seal_key: str
    """The public key that answers are sealed with, in hexadecimal; "" in a wave that is not sealed."""
    keyholders: tuple[str, ...]
    instrument: str
    instrument_version: str
    instrument_digest: str
    """Of its wording, with the company's word for a unit filled in."""
    practices: tuple[str, ...]
    """The practice items that are asked, and the extra items."""
    rehearsal: bool = False
    """Whether the answers are deleted at the end instead of counted."""


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The promise in one language."""

    lines: tuple[tuple[str, str], ...]
    """What each line says in a few words, and in full."""
    limits: tuple[str, ...]
    """What is not promised."""
    facts: tuple[tuple[str, str], ...]
    """A label and what it is: from how many people on, how long, which questionnaire."""


class Promise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A frozen promise."""

    facts: Facts
    words: Mapping[str, Words]
    """By language."""


def write(facts: Facts, titles: Mapping[str, str]) -> str:
    """Return the promise of today's program as canonical JSON; `titles` names the questionnaire in each language."""
    made = Promise(facts, {language: _words(facts, titles[language], language) for language in LANGUAGES})
    # With line breaks, so that whoever keeps the file can read it.
    return json.dumps(msgspec.to_builtins(made), ensure_ascii=False, sort_keys=True, indent=1) + "\n"


@lru_cache(maxsize=16)
def read(text: str) -> Promise:
    """Return a promise from its frozen text; raises msgspec.ValidationError for anything else."""
    return msgspec.json.decode(text, type=Promise)


def digest(text: str) -> str:
    """Return the SHA-256 of a promise's text as UTF-8, in hexadecimal.

    >>> digest("")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(text.encode()).hexdigest()


def _words(facts: Facts, title: str, language: str) -> Words:
    if facts.rehearsal:
        return _words_of_rehearsal(facts, title, language)
    lines = promise(facts.k, facts.retention_months, facts.detail_k, sealed=facts.sealed)
    version = Sentence("%(title)s, version %(version)s", {"title": title, "version": facts.instrument_version})
    held = Sentence("locked on arrival; opened by %(names)s", {"names": ", ".join(facts.keyholders)})
    rows = [
        *in_numbers(facts.k, facts.retention_months, facts.detail_k, strict=facts.strict),
        (Sentence("Questionnaire"), version),
        *([(Sentence("Answers while the survey is open"), held)] if facts.sealed else []),
    ]
    return Words(
        tuple((line.short.to(language), line.full.to(language)) for line in lines),
        tuple(limit.to(language) for limit in limits(sealed=facts.sealed)),
        tuple((label.to(language), what.to(language)) for label, what in rows),
    )


def _words_of_rehearsal(facts: Facts, title: str, language: str) -> Words:
    """Return what stands in the promise's place while a few people try everything."""
    version = Sentence("%(title)s, version %(version)s", {"title": title, "version": facts.instrument_version})
    rows = (
        (Sentence("Answers are deleted"), Sentence("when the rehearsal ends")),
        (Sentence("Questionnaire"), version),
    )
    return Words(
        tuple((line.short.to(language), line.full.to(language)) for line in REHEARSAL),
        tuple(limit.to(language) for limit in REHEARSAL_LIMITS),
        tuple((label.to(language), what.to(language)) for label, what in rows),
    )

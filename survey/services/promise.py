"""The promise in the words that respondents read, its limits, and the digest that travels with the results."""

import hashlib
import json
from dataclasses import dataclass
from typing import Final

from survey.i18n import LANGUAGES, Sentence


@dataclass(frozen=True)
class Line:
    """One line of the promise: what it says in a few words, and in full."""

    short: Sentence
    full: Sentence


def promise(k: int, months: int) -> tuple[Line, ...]:
    """Return the six lines of a wave's promise.

    Args:
        k: the fewest people that a published number speaks about.
        months: how long answers are kept after the close.
    """
    return (
        Line(
            Sentence("Nobody can tell which answers are yours."),
            Sentence(
                "No name, time, address or device is kept with an answer, and when the survey closes all answers are "
                "put into a new order. This holds for HR and administrators too."
            ),
        ),
        Line(
            Sentence("No result speaks about fewer than %(k)s people.", {"k": k}),
            Sentence(
                "Published numbers are checked together, so that adding and subtracting them does not give away a "
                "smaller group either."
            ),
        ),
        Line(
            Sentence("Results appear once, after the close."),
            Sentence(
                "Before that nobody sees any. The threshold and the groups are fixed before the first answer and are "
                "not loosened afterwards."
            ),
        ),
        Line(
            Sentence("It is settled who sees what."),
            Sentence(
                "Leaders see the published results of their own part of the company, HR those of the whole company. "
                "One person's answers are shown to nobody."
            ),
        ),
        Line(
            Sentence("Answers are deleted %(months)s months after the close.", {"months": months}),
            Sentence(
                "Published results stay. Until you send them, your answers are kept in this browser only. Once we have "
                "said thank you they are stored safely and count exactly once; a receipt lets you check that."
            ),
        ),
        Line(
            Sentence("Taking part is free, and staying away has no consequence."),
            Sentence("You may skip any question. Nobody can list who answered."),
        ),
    )


LIMITS: Final = (
    Sentence("Whoever watches the running server at the very moment you send can see what arrives."),
    Sentence(
        "Whoever reads your mail, the mail server, or the key that makes the codes can tell whose code is whose. That "
        "key is destroyed once the letters are out, after 48 hours at the latest; the secret that codes are checked "
        "with is destroyed at the close."
    ),
    Sentence("Whoever looks over your shoulder, or watches the screen of a company device, sees what you see."),
    Sentence(
        "If you are the only newcomer of your team, somebody may try to guess your answers from what changed since "
        "last time. We hide such changes where we can, but cannot rule the guess out."
    ),
    Sentence("What you write in your own words may be recognised by its content or style."),
)
"""What we do not promise."""


def promise_digest(k: int, detail_k: int, retention_months: int, instrument_digest: str) -> str:
    """Return the SHA-256, in hexadecimal, of the promise in both languages with the facts it rests on."""
    said = [part for line in promise(k, retention_months) for part in (line.short, line.full)]
    facts = {
        "detail_k": detail_k,
        "instrument": instrument_digest,
        "text": {language: [part.to(language) for part in (*said, *LIMITS)] for language in LANGUAGES},
    }
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

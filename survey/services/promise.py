"""The promise in the words that respondents read, and its digest that travels with the results."""

import hashlib
import json

from survey.i18n import LANGUAGES, Sentence


def promise(k: int, retention_months: int) -> tuple[Sentence, ...]:
    """Return the promise, a sentence a line; the last lines say what is not promised."""
    return (
        Sentence("Nothing that is stored tells which answer is whose: not to managers, not to administrators."),
        Sentence("Results appear once, after the survey has closed, and never for fewer than %(k)s people.", {"k": k}),
        Sentence(
            "Taking part is free: any question may be skipped, nobody can list who answered, "
            "and staying away has no consequence."
        ),
        Sentence("Your receipt shows you that you were counted, without showing what you said."),
        Sentence("Answers are deleted %(months)s months after the survey has closed.", {"months": retention_months}),
        Sentence(
            "What we cannot promise: to protect you from someone who watches the running server, reads your mail or "
            "looks over your shoulder. The key that makes the codes is destroyed 48 hours after the opening at the "
            "latest, the key that recognises them at the close."
        ),
    )


def promise_digest(k: int, detail_k: int, retention_months: int, instrument_digest: str) -> str:
    """Return the SHA-256, in hexadecimal, of the promise in both languages with the facts it rests on."""
    facts = {
        "detail_k": detail_k,
        "instrument": instrument_digest,
        "text": {language: [line.to(language) for line in promise(k, retention_months)] for language in LANGUAGES},
    }
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

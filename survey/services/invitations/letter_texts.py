"""Letters in the company's own words: kept by kind and language, checked before they are; ours, where there is none."""

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey.i18n import LANGUAGES
from survey.models import LetterText
from survey.services import audit_log
from survey.services.invitations import wording
from survey.services.invitations.wording import KINDS, Text, Texts

CHANGED = "letter changed"
RESET = "letter reset"


def own(session: Session) -> Texts:
    """Return the letters that the company has worded itself."""
    kept = session.scalars(select(LetterText).where(LetterText.letter.in_(KINDS)))
    return {(each.letter, each.language): Text(each.subject, each.body) for each in kept}


def in_use(session: Session) -> Texts:
    """Return every letter as it would go out now."""
    ours = {(kind, language): wording.ours(kind, language) for kind in KINDS for language in LANGUAGES}
    return {**ours, **own(session)}


def digest(session: Session) -> str:
    """Return the SHA-256 of the letters in use, for the log."""
    return wording.digest(in_use(session))


def keep(
    session: Session, kind: str, language: str, text: tuple[str, str], now: dt.datetime, by: int | None = None
) -> Text:
    """Keep a letter in the company's words, from now on; `text` is its subject and body.

    Raises:
        Refused: it could not be sent, or would be of no use; the sentence says why.
    """
    checked = wording.checked(KINDS[kind], *text)
    if checked == wording.ours(kind, language):
        reset(session, kind, language, now, by)
        return checked
    session.merge(LetterText(letter=kind, language=language, subject=checked.subject, body=checked.body))
    session.flush()
    audit_log.write(session, now, by, CHANGED, letter=kind, language=language, letters=digest(session))
    return checked


def reset(session: Session, kind: str, language: str, now: dt.datetime, by: int | None = None) -> None:
    """Use our words again."""
    where = (LetterText.letter == kind, LetterText.language == language)
    if session.scalar(select(LetterText.letter).where(*where)) is None:
        return
    session.execute(delete(LetterText).where(*where))
    audit_log.write(session, now, by, RESET, letter=kind, language=language, letters=digest(session))

"""What is said about a publication afterwards: an erratum, or that it was withdrawn. Its numbers never change."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import LANGUAGES, Refused, Sentence
from survey.instruments.comments import composed, visible
from survey.models import Wave
from survey.privacy.notices import Afterwards, Erratum
from survey.services import audit_log
from survey.services.waves import waves

Kind = Literal["erratum", "withdrawal"]
LONGEST: Final = 600
"""Characters in each language: page one of a report has room for so many, twice."""

GONE: Final = Sentence(
    "The results of wave %(wave)s were withdrawn on %(day)s and are not shown any more. %(ko)s / %(en)s"
)


@dataclass(frozen=True)
class Notice:
    """Something said about a wave's publication, in both languages."""

    wave: str
    kind: Kind
    said_on: dt.date
    ko: str
    en: str

    def text(self, language: str) -> str:
        """Return what is said in `language`."""
        return self.ko if language == "ko" else self.en


class Withdrawn(Refused):
    """The numbers of this wave were withdrawn: they are shown nowhere any more."""

    def __init__(self, notice: Notice) -> None:
        super().__init__(
            GONE,
            wave=notice.wave,
            day=notice.said_on,
            ko=notice.ko,
            en=notice.en,
        )
        self.notice = notice


@dataclass(frozen=True)
class Said:
    """All that was said about all waves."""

    notices: tuple[tuple[Wave, Notice], ...]
    """By wave, the earliest first, and in the order in which they were said."""

    def withdrawal(self, wave_id: int) -> Notice | None:
        """Return that a wave was withdrawn, and why; None where it was not."""
        return next((said for wave, said in self.notices if wave.id == wave_id and said.kind == "withdrawal"), None)

    def afterwards(self, wave: Wave) -> Afterwards:
        """Return what has happened to a publication since it was made."""
        return Afterwards(
            errata=tuple(
                Erratum(said.said_on.isoformat(), said.ko, said.en)
                for other, said in self.notices
                if other.id == wave.id and said.kind == "erratum"
            ),
            withdrawn=tuple(
                other.code for other, said in self.notices if _place(other) < _place(wave) and said.kind == "withdrawal"
            ),
        )


def said(session: Session) -> Said:
    """Return all that was said about all waves."""
    kept = models.Notice
    rows = session.execute(
        select(Wave, kept).join(kept, kept.wave_id == Wave.id).order_by(Wave.opens_at, Wave.id, kept.id)
    )
    return Said(tuple((wave, _notice(wave, row)) for wave, row in rows))


def notices(session: Session, code: str) -> tuple[Notice, ...]:
    """Return what was said about one wave, in that order; raises Refused where there is no such wave."""
    wave = waves.wave(session, code)
    return tuple(notice for other, notice in said(session).notices if other.id == wave.id)


def withdrawals(session: Session, after: str | None = None) -> tuple[Notice, ...]:
    """Return every withdrawal, the earliest wave first; only of waves later than `after`, where it is given."""
    least = None if after is None else _place(waves.wave(session, after))
    return tuple(
        notice
        for wave, notice in said(session).notices
        if notice.kind == "withdrawal" and (least is None or _place(wave) > least)
    )


def check(session: Session, code: str, kind: Kind, texts: Mapping[str, str], today: dt.date) -> Notice:
    """Return a notice as it would be said; nothing is written.

    Raises:
        Refused: the wave is not published or was withdrawn, a language is missing, or a text is too long.
    """
    wave = waves.wave(session, code)
    if wave.state != "published":
        raise Refused("Wave %(wave)s has not been published yet, so there is nothing to correct.", wave=code)
    withdrawn = said(session).withdrawal(wave.id)
    if withdrawn is not None:
        raise Withdrawn(withdrawn)
    kept = {language: visible(composed(texts.get(language, ""))).strip() for language in LANGUAGES}
    if not all(
        any(character.isprintable() and not character.isspace() for character in text) for text in kept.values()
    ):
        raise Refused("Write it in Korean and in English: everybody reads it in their own language.")
    if any(len(text) > LONGEST for text in kept.values()):
        raise Refused("Keep it to %(most)s characters in each language: it stands on page one.", most=LONGEST)
    return Notice(code, kind, today, **kept)


def say(
    session: Session, code: str, kind: Kind, texts: Mapping[str, str], now: dt.datetime, by: int | None = None
) -> Notice:
    """Say an erratum, or withdraw a publication; neither can be taken back. Raises Refused as `check`.

    The same words are said once, however often the button is pressed.
    """
    wave = waves.locked(session, code)
    notice = check(session, code, kind, texts, now.date())
    for earlier in notices(session, code):
        if (earlier.kind, earlier.ko, earlier.en) == (kind, notice.ko, notice.en):
            return earlier
    day, ko, en = notice.said_on, notice.ko, notice.en
    session.add(models.Notice(wave_id=wave.id, kind=kind, said_on=day, text_ko=ko, text_en=en))
    act = "erratum said" if kind == "erratum" else "results withdrawn"
    audit_log.write(session, now, by, act, wave=code, words=hashlib.sha256(f"{ko}\n{en}".encode()).hexdigest())
    session.flush()
    return notice


def _place(wave: Wave) -> tuple[dt.datetime, int]:
    """Return what waves are ordered by."""
    return wave.opens_at, wave.id


def _notice(wave: Wave, row: models.Notice) -> Notice:
    kind: Kind = "withdrawal" if row.kind == "withdrawal" else "erratum"
    return Notice(wave.code, kind, row.said_on, row.text_ko, row.text_en)

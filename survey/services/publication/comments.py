"""Comments of a published wave: which may be read at which unit. What was written is in no record and no file."""

import datetime as dt
import re
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.instruments.comments import composed, visible
from survey.models import Wave, WaveUnit
from survey.privacy.comments import read_at
from survey.privacy.released import Released
from survey.privacy.thaw import Publication
from survey.privacy.tree import Tree, TreeUnit
from survey.services.responses import responses
from survey.services.waves import waves
from survey.services.waves.retention import is_due, months_after

GAP: Final = re.compile(r"\n\s*\n\s*\n+")
"""More than one empty line."""


def comments(session: Session, publication: Publication, now: dt.datetime) -> dict[str, tuple[str, ...]]:
    """Return the comments that may be read, by the unit at which they are; a unit that is missing has none to read.

    Their order is that of their random ids: the same at every look, and nobody's order of writing. Where they are read
    depends on what was frozen at the close alone, so that it never changes until they are deleted, all at once.
    """
    wave = waves.wave(session, publication.wave.code)
    if wave.kind != "native" or is_due(wave, now):
        return {}
    kept = list(responses.comment_rows(session, wave))
    counts: dict[str, int] = {}
    for unit, _text in kept:
        counts[unit] = counts.get(unit, 0) + 1
    tree = Tree(TreeUnit(unit.code, unit.parent) for unit in publication.units)
    at = read_at(tree, _shown(publication), _people(session, wave), counts, publication.policy.detail_k)
    found: dict[str, list[str]] = {}
    for unit, text in kept:
        if unit in at:
            found.setdefault(at[unit], []).append(readable(text))
    return {unit: tuple(texts) for unit, texts in found.items()}


def deleted_on(session: Session, code: str) -> dt.datetime:
    """Return the moment from which a wave's comments are gone, with its answers."""
    wave = waves.wave(session, code)
    return months_after(wave.closes_at, wave.retention_months)


def readable(text: str) -> str:
    r"""Return a comment as a page shows it: nothing unseen, no turned direction of writing, one empty line at most.

    >>> readable("good\u202e\n\n\n\n\nbut late")
    'good\n\nbut late'
    """
    return GAP.sub("\n\n", visible(composed(text))).strip()


def _shown(publication: Publication) -> dict[str, int]:
    return {unit.code: unit.figures.value.n for unit in publication.units if isinstance(unit.figures, Released)}


def _people(session: Session, wave: Wave) -> dict[str, int]:
    """Count the people who answered at each report unit, at least: a spare code may have been a second one."""
    spares = dict(
        session.execute(select(WaveUnit.code, WaveUnit.spares_drawn).where(WaveUnit.wave_id == wave.id)).all()
    )
    return {code: max(count - spares[code], min(count, 1)) for code, count in responses.counts(session, wave).items()}

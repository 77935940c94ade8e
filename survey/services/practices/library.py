"""The library: the practices that come with the product, and those that the company has added."""

import datetime as dt
import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from msgspec import Struct
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import LANGUAGES, Refused, Sentence
from survey.instruments.extra import PREFIX, Extra, require_possible
from survey.instruments.load import builtin
from survey.instruments.parts import NAME
from survey.instruments.practices import WORDED, Practice, Register, library, twice
from survey.instruments.reading import read_bytes
from survey.privacy.register import OwnPractice

FILE: Final = "practices.toml"
ADDRESSES: Final = frozenset({"new", "file"})
"""Ids that no practice can have: pages beside those of practices stand at these addresses."""
LARGEST: Final = 200_000
"""Bytes of a file of practices."""
LONGEST: Final = {
    "name": {"ko": 24, "en": 40},
    "what": {"ko": 60, "en": 110},
    "why": {"ko": 150, "en": 260},
    "source": {"ko": 110, "en": 150},
    "first_step": {"ko": 90, "en": 160},
    "next_wave": {"ko": 80, "en": 160},
}
"""Characters: as long as those of the practices that come with the product, so that a printed page holds three."""


@dataclass(frozen=True)
class Own:
    """A practice of the company's own."""

    practice: Practice
    added_on: dt.date
    retired_on: dt.date | None
    """Since when it is offered no more."""
    in_use: bool
    """Whether a unit has it in the register, be it ended."""


def own(session: Session) -> tuple[Own, ...]:
    """Return the company's own practices, the oldest first."""
    kept, adoption = models.CompanyPractice, models.Adoption
    used = exists().where(adoption.practice_id == kept.id)
    found = session.execute(select(kept, used).order_by(kept.added_on, kept.id))
    return tuple(Own(_read(each.text), each.added_on, each.retired_on, in_use) for each, in_use in found)


def every(session: Session) -> tuple[Practice, ...]:
    """Return every practice that can be named, retired ones too."""
    return (*library(), *(each.practice for each in own(session)))


def offered(session: Session) -> tuple[Practice, ...]:
    """Return the practices to choose from."""
    return (*library(), *(each.practice for each in own(session) if each.retired_on is None))


def frozen(session: Session, used: Collection[str]) -> tuple[OwnPractice, ...]:
    """Return the company's own as a publication keeps them: those offered, and retired ones of those `used`."""
    return tuple(
        OwnPractice(each.practice, each.retired_on is not None)
        for each in own(session)
        if each.retired_on is None or each.practice.id in used
    )


def read_file(data: bytes, name: str = FILE) -> tuple[Practice, ...]:
    """Return the practices of a file as `practices.toml` is written.

    Raises:
        Refused: the file is too large, is none, or a practice in it could not be kept; told by place and cure.
    """
    if len(data) > LARGEST:
        raise Refused("This file is larger than %(cap)s kB, so it holds more than practices.", cap=LARGEST // 1000)
    found = read_bytes(data, name, Register).practices
    require(found)
    return found


def require(practices: Iterable[Practice]) -> None:
    """Let practices be kept; raises Refused with the first thing to mend."""
    for each in practices:
        for cure in _faults(each):
            raise Refused("Practice %(practice)s: %(cure)s", practice=each.id, cure=cure)
        if each.asks:
            require_possible([Extra(each.asks["ko"], each.asks["en"])], builtin())


def add(session: Session, practices: Sequence[Practice], today: dt.date) -> None:
    """Keep practices of the company's own; one of the same id is worded anew, and offered again.

    Raises:
        Refused: one of them cannot be kept.
    """
    require(practices)
    session.get(models.Company, 1, with_for_update=True)  # two that keep the same practice at once wait for each other
    for each in practices:
        kept = session.get(models.CompanyPractice, each.id)
        if kept is None:
            session.add(models.CompanyPractice(id=each.id, text=written(each), added_on=today))
        else:
            kept.text, kept.retired_on = written(each), None
    session.flush()


def retire(session: Session, practice: str, today: dt.date) -> bool:
    """Offer a practice no more: it goes if no unit ever had it, else it is kept as retired; tell whether it is kept.

    Raises:
        Refused: the company has no such practice of its own.
    """
    kept = session.get(models.CompanyPractice, practice)
    if kept is None:
        raise Refused("There is no practice %(practice)s of the company's own.", practice=practice)
    used = session.scalar(select(exists().where(models.Adoption.practice_id == practice)))
    if used:
        kept.retired_on = kept.retired_on or today
    else:
        session.delete(kept)
    session.flush()
    return bool(used)


def written(practice: Practice) -> str:
    """Return a practice as its file would say it."""
    lines = ["[[practices]]", f"id = {_quoted(practice.id)}"]
    for field in (*WORDED, *(["asks"] if practice.asks else [])):
        lines += [f"{field}.{language} = {_quoted(getattr(practice, field)[language])}" for language in LANGUAGES]
    for field in ("motives", "facets"):
        lines.append(f"{field} = [{', '.join(_quoted(each) for each in getattr(practice, field))}]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """JSON's strings are TOML's, but for one character, which `_faults` lets nobody write."""
    return json.dumps(text, ensure_ascii=False)


class _Kept(Struct, frozen=True):
    """What was let in before: a rule that came later must not close the register to those who keep such a one."""

    practices: tuple[Practice, ...]


@lru_cache(maxsize=256)
def _read(text: str) -> Practice:
    (found,) = read_bytes(text.encode(), FILE, _Kept).practices
    return found


def _faults(one: Practice) -> Iterator[Sentence]:
    known = builtin()
    if not re.fullmatch(NAME, one.id):
        yield Sentence("an id is made of small Latin letters, digits and underscores, a letter first.")
    taken = ADDRESSES | {each.id for each in library()} | {scale.id for scale in known.scales}
    if one.id.startswith(PREFIX) or one.id in taken:
        yield Sentence("this name is taken; choose another id.")
    for field, caps in LONGEST.items():
        for language, cap in caps.items():
            text, facts = getattr(one, field)[language], {"field": f"{field}.{language}", "cap": cap}
            if len(text) > cap:
                found = Sentence("shorten %(field)s to %(cap)s characters; it has %(found)s.", facts)
                yield found.fill(found=len(text))
            if not text.isprintable():
                yield Sentence("%(field)s holds what cannot be printed; write it anew.", facts)
    motives, facets = ({each.id for each in known.scales if each.kind == kind} for kind in ("motive", "facet"))
    for again in twice((*one.motives, *one.facets)):
        yield Sentence("%(name)s is named twice: remove it once.", {"name": again})
    for wrong in [*(each for each in one.motives if each not in motives), *(x for x in one.facets if x not in facets)]:
        yield Sentence("there is no motive or facet %(name)s.", {"name": wrong})

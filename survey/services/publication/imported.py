"""Answers collected elsewhere: on paper, with another tool, in an earlier year. A wave of its own kind.

The whole file goes in, or nothing. There is no roster, no code and no participation; pages say that our promise does
not cover how these answers were collected. The gate, the figures and the reports are the same.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy.orm import Session

from survey.i18n import Refused, Sentence
from survey.instruments.answers import SKIPPED
from survey.instruments.model import Instrument
from survey.privacy.tree import Tree, TreeUnit
from survey.scoring.columns import columns
from survey.scoring.files import AnswerFile, Fault, FileRefused, read_answers
from survey.services.company import company
from survey.services.filing.grid import clean
from survey.services.filing.table_file import read_grid
from survey.services.instruments import registry
from survey.services.responses import responses
from survey.services.roster.roster import DEEPEST
from survey.services.waves import wave_plans
from survey.services.waves.freezing import DIRECT, FrozenUnit, direct_names
from survey.services.waves.wave_plans import WaveDraft

ROOT: Final = "ALL"
"""Code of the unit at the top where no file of units is given."""
LONGEST_CODE: Final = 64
LONGEST_NAME: Final = 180
LONGEST_KIND: Final = 40

UNFIT: Final = re.compile(r"^\.|[/\\\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
"""What no code may hold: its pages and files are named after it."""
UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")

HEADINGS: Final = {
    "code": ("code", "unit", "부서코드"),
    "parent": ("parent", "상위코드", "상위부서코드"),
    "name": ("name", "unit_name", "부서명"),
    "name_en": ("name_en", "unit_name_en", "부서영문명"),
    "kind": ("kind", "부서유형"),
}
"""Columns of a file of units, by their English or Korean heading; code and parent must be there."""


@dataclass(frozen=True)
class Upload:
    """The files of an import."""

    answers: bytes
    by: str = "unit"
    """The column of `answers` that holds the unit's code."""
    units: bytes | None = None
    """CSV or XLSX with code, parent and name of each unit; without it all units lie directly under the company."""
    units_name: str = "units.csv"


@dataclass(frozen=True)
class Imported:
    """What an import took in."""

    wave: str
    responses: int
    units: int
    """Units in which somebody answered."""
    unused: tuple[str, ...]
    """Columns that are no item: not read."""


def import_answers(
    session: Session, plan: WaveDraft, upload: Upload, now: dt.datetime, by: int | None = None
) -> Imported:
    """Take a file of answers as a closed wave, in the caller's transaction; it can be published at once.

    Raises:
        FileRefused: with row, column and sentence of each cell to mend; nothing was imported.
        Refused: a file cannot be read, or the wave cannot be as planned.
    """
    wave_plans.require_times(plan)
    instrument = _asked(session, plan.instrument_id, plan.instrument_version)
    answers = read_answers(upload.answers, instrument, upload.by)
    _check_motives(answers, instrument)
    units = _flat(session, answers.codes) if upload.units is None else _read_units(upload.units, upload.units_name)
    _check_codes(answers, upload.by, units)
    tree = Tree(TreeUnit(unit.code, unit.parent) for unit in units.values())
    _check_depth(tree)
    places = {code: code + DIRECT if tree.children(code) else code for code in answers.codes}
    practices = tuple(item.id for item in instrument.practices if item.id in answers.asked)
    frozen = _with_groups([units[code] for code in tree.codes], places)
    kept = plan.retention_months + _months_between(plan.closes_at, now)
    plan = msgspec.structs.replace(plan, practices=practices, retention_months=kept)
    wave = wave_plans.add_imported(session, plan, frozen, now, by)
    at = [places[answers.codes[place]] for place in answers.table.units]
    responses.keep(session, wave, zip(at, (row.tobytes() for row in answers.table.answers), strict=True))
    return Imported(wave.code, len(at), len(answers.codes), answers.unused)


def _asked(session: Session, name: str, version: str) -> Instrument:
    """Return the questionnaire of this version, where one is named: another would give the answers another meaning."""
    found = registry.instrument(session, name, version)
    if version not in {"", found.version}:
        raise Refused("There is no questionnaire %(name)s, version %(version)s.", name=name, version=version)
    return found


def _months_between(then: dt.datetime, now: dt.datetime) -> int:
    """Count begun months, so that answers of an earlier year are kept from their import on, not gone before."""
    return max(0, 12 * (now.year - then.year) + now.month - then.month + 1)


def _check_depth(tree: Tree) -> None:
    if any(len(tree.path(code)) > DEEPEST for code in tree.codes):
        raise Refused("The tree of units has more than %(most)s levels.", most=DEEPEST)


def _check_motives(answers: AnswerFile, instrument: Instrument) -> None:
    """Raise Refused where no index could ever be made of these answers: they could not be published."""
    given = [
        item.id
        for place, item in enumerate(instrument.items)
        if item.id in answers.asked and (answers.table.answers[:, place] != SKIPPED).any()
    ]
    there = {column.scale for column in columns(instrument, given)}
    missing = [scale.id for scale in instrument.motives if scale.id not in there]
    if instrument.index is None or missing:
        raise Refused(
            "The index needs answers about every motive; the file has too few columns with answers for: %(motives)s.",
            motives=", ".join(missing),
        )


def _flat(session: Session, codes: Iterable[str]) -> dict[str, FrozenUnit]:
    """Return a tree of two levels: the company, and every code of the file."""
    firm = company(session)
    root = next(name for name in (ROOT, f"{ROOT}-", f"{ROOT}--") if name not in set(codes))
    units = [_unit(root, None, {"ko": firm.name_ko, "en": firm.name_en})]
    units += [_unit(code, root, {"ko": code, "en": code}) for code in codes]
    return {unit.code: unit for unit in units}


def _unit(code: str, parent: str | None, names: dict[str, str], kind: str = "") -> FrozenUnit:
    return FrozenUnit(code, parent, names, kind, leads=False, invited=0)


def _with_groups(units: Iterable[FrozenUnit], places: dict[str, str]) -> Iterable[FrozenUnit]:
    """Yield the tree; people placed directly at a unit that has units below become a group of their own."""
    for unit in units:
        yield unit
        if places.get(unit.code, unit.code) != unit.code:
            yield FrozenUnit(places[unit.code], unit.code, direct_names(unit.names), "", leads=True, invited=0)


def _read_units(data: bytes, filename: str) -> dict[str, FrozenUnit]:
    if not data.strip():
        raise Refused("The file of units is empty.")
    rows = read_grid(data, filename).rows
    if not rows:
        raise Refused("The file of units is empty.")
    places = _columns(rows[0])
    units: dict[str, FrozenUnit] = {}
    faults: list[Fault] = []
    for number, cells in enumerate(rows[1:], start=2):
        row = {field: cells[place] if place < len(cells) else "" for field, place in places.items()}
        if not any(cells):
            continue
        fault = _fault(row["code"], units)
        if fault is not None:
            faults.append(Fault(number, rows[0][places["code"]], fault))
            continue
        name = _name(row.get("name") or row["code"])
        names = {"ko": name, "en": _name(row.get("name_en") or name)}
        units[row["code"]] = _unit(row["code"], row["parent"] or None, names, row.get("kind", "")[:LONGEST_KIND])
    if faults:
        raise FileRefused(faults)
    return units


def _name(text: str) -> str:
    """Return a name as it is kept: without what cannot be seen, which could forge a page or break a report."""
    return clean(UNSEEN.sub("", text))[:LONGEST_NAME]


def _columns(headings: list[str]) -> dict[str, int]:
    """Return the place of each column that is there."""
    plain = [heading.casefold().replace(" ", "_") for heading in headings]
    places = {
        field: place
        for field, names in HEADINGS.items()
        if (place := next((place for place, name in enumerate(plain) if name in names), None)) is not None
    }
    for field in ("code", "parent"):
        if field not in places:
            raise Refused("The file of units has no column %(column)s.", column=field)
    return places


def _fault(code: str, seen: Collection[str]) -> Sentence | None:
    if not code:
        return Sentence("The code of the unit is missing.")
    if code in seen:
        return Sentence("The unit %(unit)s stands here a second time.", {"unit": code})
    if len(code) > LONGEST_CODE or code.endswith(DIRECT):
        return Sentence("A unit's code has at most %(most)s characters and does not end in +.", {"most": LONGEST_CODE})
    if UNFIT.search(code):
        return Sentence("A unit's code does not begin with a dot, and holds no slashes and no invisible characters.")
    return None


def _check_codes(answers: AnswerFile, column: str, units: Collection[str]) -> None:
    """Raise FileRefused for units that cannot be, at the first row in which each stands."""
    first: dict[str, int] = {}
    for place, row in zip(answers.table.units, answers.rows, strict=True):
        first.setdefault(answers.codes[place], row)
    faults = []
    for code in answers.codes:
        fault = _fault(code, ())
        if fault is None and code not in units:
            fault = Sentence("There is no unit %(unit)s in the file of units.", {"unit": code})
        if fault is not None:
            faults.append(Fault(first[code], column, fault))
    if faults:
        raise FileRefused(faults)

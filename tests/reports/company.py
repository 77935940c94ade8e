"""A publication made by hand for print: units of 66, 40, 12, 9 and 5 answers, and two that are not shown.

The sums come from drawn answers and the figures from the sums, so that an annex can be recomputed; intervals and
verdicts are set by hand, one of each kind, because print must show all of them.
"""

import random
from fractions import Fraction
from math import sqrt
from typing import Literal

import msgspec

from survey.instruments.load import builtin
from survey.instruments.model import Instrument
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.record import (
    Change,
    Column,
    Contribution,
    Detail,
    Link,
    PolicyFacts,
    Position,
    Quality,
    Record,
    Reliability,
    Spread,
    Sums,
    UnitFigures,
    UnitRecord,
    WaveFacts,
)
from survey.privacy.thaw import Publication, dump, thaw
from survey.scoring.columns import columns

INSTRUMENT: Instrument = builtin("total-motivation")
COLUMNS = [Column(c.scale, c.denominator, c.low, c.high) for c in columns(INSTRUMENT)]
PULLS = {"play": 0.9, "purpose": 0.7, "potential": 0.4, "inertia": -0.9, "economic_pressure": 0.2}


def text(value: float, *, signed: bool = False, digits: int = 1) -> str:
    """Return a number as a publication prints it."""
    return f"{value:{'+' if signed else ''}.{digits}f}".replace("-", "−")


def figure(value: float, half: float | None = None, *, signed: bool = False, digits: int = 1) -> Figure:
    """Return a figure with an interval of `half` on either side."""
    if half is None:
        return Figure(round(value, digits), text(value, signed=signed, digits=digits))
    low, high = value - half, value + half
    return Figure(
        round(value, digits),
        text(value, signed=signed, digits=digits),
        round(low, digits),
        round(high, digits),
        text(low, signed=signed, digits=digits),
        text(high, signed=signed, digits=digits),
    )


def sums(n: int, shift: float, seed: int) -> Sums:
    """Return sums of `n` drawn answers."""
    draw = random.Random(seed)  # noqa: S311 - drawn answers are no secret

    def total(column: Column) -> int:
        middle = 4 + PULLS.get(column.scale, 0.3) * shift
        whole = [min(7, max(1, round(draw.gauss(middle, 1.3)))) for _ in range(n)]
        return min(max(sum(whole), n + 3), 7 * n - 3) * column.denominator

    return Sums(n, [total(column) for column in COLUMNS])


def means(found: Sums) -> dict[str, Fraction]:
    """Return the exact mean of each scale."""
    return {
        column.scale: Fraction(total, column.denominator * found.n)
        for column, total in zip(COLUMNS, found.totals, strict=True)
    }


def index(found: Sums) -> Fraction:
    """Return the exact index."""
    composite = INSTRUMENT.index
    assert composite is not None
    return sum((weight * means(found)[scale] for scale, weight in composite.fractions.items()), Fraction(0))


def figures(
    found: Sums,
    verdict: Literal["higher", "lower", "no detectable difference"],
    *,
    root: bool = False,
    weakest: str = "play",
) -> UnitFigures:
    """Return the figures of a unit."""
    exact, half = means(found), 4.2 / sqrt(found.n)
    value = float(index(found))
    scales = {scale: figure(float(mean), half / 1.5, digits=2) for scale, mean in exact.items()}
    parts = {
        motive.id: figure(offset, 3.0, signed=True)
        for motive, offset in zip(INSTRUMENT.motives, (6.2, 3.1, -0.4, 0.3, -2.2, 4.4), strict=True)
    }
    contribution: Contribution | NotEstimable = Contribution(
        figure(11.4, 20 * half / 3, signed=True), parts, verdict, figure(0.12, signed=True, digits=2)
    )
    if root:
        contribution = NotEstimable("This is the whole company: there is no rest to compare it with.")
    tactical, adaptive = float(exact["tactical"]), float(exact["adaptive"])
    return UnitFigures(
        n=found.n,
        index=figure(value, 50 * half / 3, signed=True),
        twin=figure(value / 40, half, signed=True, digits=2),
        scales=scales,
        contribution=contribution,
        weakest=weakest,
        weakest_facet="creativity" if weakest else "",
        balance=contribution
        if isinstance(contribution, NotEstimable)
        else figure(-0.42, half / 2, signed=True, digits=2),
        position=Position(tactical, adaptive, half * 0.9, half * 0.5, 24.0),
        practices={"stand_ups": figure(3.8, digits=1)},
        practices_n={"stand_ups": found.n},
    )


def detail(found: Sums, change: Change | None, hidden: str = "") -> Detail:
    """Return what a unit of ten and more shows besides."""
    draw = random.Random(found.n)  # noqa: S311 - drawn answers are no secret
    spreads = {}
    for motive in INSTRUMENT.motives:
        counts = [0] * 7
        for _ in range(found.n):
            counts[min(6, max(0, round(draw.gauss(3.4, 1.4))))] += 1
        spreads[motive.id] = Spread(counts, figure(1.38, digits=2))
    label: Literal["tactical only", "cannot tell yet"] = "tactical only" if found.n > 20 else "cannot tell yet"
    return Detail(spreads, figure(31.2), label, 0.87 if found.n > 20 else 0.55, change, hidden)


CHANGE = Change(
    "2026-Q2",
    figure(6.3, 9.1, signed=True),
    "no detectable difference",
    0.21,
    figure(0.22, signed=True, digits=2),
    figure(12.4),
)
TREE: tuple[tuple[str, str | None, str, str, int], ...] = (
    ("ALL", None, "한빛상사", "Hanbit Trading", 66),
    ("SALES", "ALL", "영업본부", "Sales division", 40),
    ("SEOUL", "SALES", "서울 영업팀", "Seoul sales team", 12),
    ("BUSAN", "SALES", "부산 영업팀", "Busan sales team", 9),
    ("CARE", "ALL", "고객지원팀", "Care team", 5),
    ("LAB", "ALL", "연구팀", "Lab team", 3),
    ("SHOP", "ALL", "매장운영팀", "Shop team", 8),
)
WEAKEST = {"CARE": "", "BUSAN": "economic_pressure"}
MOVED = "One or two people joined or left since, and a change could tell what they answered."
SHIFTS = {"ALL": 0.3, "SALES": 0.5, "SEOUL": 1.4, "BUSAN": -0.8, "CARE": 0.1}


def record(*, demo: bool = True, first_wave: bool = False, names: dict[str, str] | None = None) -> Record:
    """Return the record; `names` replaces names of units by code."""
    units = []
    for code, parent, korean, english, n in TREE:
        shown = code in SHIFTS
        found = sums(n, SHIFTS.get(code, 0), n)
        verdicts: dict[str, Literal["higher", "lower", "no detectable difference"]] = {
            "SEOUL": "higher",
            "BUSAN": "lower",
        }
        verdict = verdicts.get(code, "no detectable difference")
        name = (names or {}).get(code)
        units.append(
            UnitRecord(
                code=code, parent=parent, names={"ko": name or korean, "en": name or english}, kind="", leads=False,
                depth=0 if parent is None else 1 if parent == "ALL" else 2, invited=n + 4,
                participation="70–79 %" if n > 8 else "",
                hidden=None if shown else "small" if code == "LAB" else "complementary",
                detail_hidden=None if shown and n >= 10 else "small",
                adopted={"stand_ups": "2026-04-01"} if code == "SALES" else {}, language_note=code == "BUSAN",
                sums=found if shown else None,
                figures=figures(found, verdict, root=parent is None, weakest=WEAKEST.get(code, "play"))
                if shown else None,
                detail=detail(found, *((None, MOVED) if code == "SEOUL" else (None if first_wave else CHANGE, "")))
                if shown and n >= 10 else None,
            )
        )  # fmt: skip
    return Record(
        format=1, company={"ko": "한빛상사", "en": "Hanbit Trading"}, unit_word="team",
        wave=WaveFacts("2026-Q3", "native", "2026-09-01", "2026-09-14", ["stand_ups"], "0" * 64, demo),
        policy=PolicyFacts(5, 10), instrument=INSTRUMENT.to_json(), columns=COLUMNS, units=units,
        within_variance={"total_motivation": 900.0},
        reliability=[Reliability("tactical", "alpha", figure(0.81, digits=2)),
                     Reliability("adaptive", "alpha", figure(0.88, digits=2)),
                     Reliability("creativity", "spearman-brown", figure(0.72, digits=2))],
        link=Link(figure(0.52, digits=2), figure(0.21, digits=2), figure(0.31, 0.17, signed=True, digits=2), 1204, 118,
                  "more with adaptive"),
        quality=Quality(74, 66, 8, 2, figure(4.4, signed=True)),
        previous="" if first_wave else "1" * 64, previous_wave="" if first_wave else "2026-Q2",
    )  # fmt: skip


def publication(*, demo: bool = True, first_wave: bool = False) -> Publication:
    """Return the publication made by hand."""
    return thaw(*dump(record(demo=demo, first_wave=first_wave)))


def renamed(code: str, name: str) -> Publication:
    """Return the publication with one unit named `name`."""
    return thaw(*dump(record(names={code: name})))


def with_change(**changes: object) -> Publication:
    """Return the publication with fields of its record replaced."""
    return thaw(*dump(msgspec.structs.replace(record(), **changes)))


def hidden_unit(unit: UnitRecord) -> UnitRecord:
    """Return the unit with nothing to show."""
    return msgspec.structs.replace(unit, hidden="small", detail_hidden="small", sums=None, figures=None, detail=None)


def leaning(unit: UnitRecord, weakest: str, adopted: dict[str, str]) -> UnitRecord:
    """Return a shown unit with another weakest motive and other practices."""
    assert unit.figures is not None
    changed = msgspec.structs.replace(unit.figures, weakest=weakest, weakest_facet="")
    return msgspec.structs.replace(unit, figures=changed, adopted=adopted)

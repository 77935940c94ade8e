"""A comparison made by hand: as many units and waves as a test wants, with gaps, breaks, marks and bands."""

import random
from dataclasses import replace
from itertools import pairwise

from reports.comparison.apart import Apart, PairLine, Row, Said
from reports.comparison.beside import Outcome, Value
from reports.comparison.contents import Cell, Choice, Comparison, Line
from reports.comparison.files.handed import Handed, Kind
from reports.comparison.files.handed import Said as Afterwards
from reports.comparison.measures import Measure
from reports.comparison.said import notes
from survey.charts.marks import TrendMark
from survey.i18n import Sentence
from survey.privacy.figures import Figure

WHY = Sentence("Fewer than %(k)s people answered.", {"k": 5})
NAMES = {
    "en": ("Sales", "Customer care", "Seoul team", "Busan team", "Research", "Logistics", "Finance", "People"),
    "ko": ("영업본부", "고객지원실", "서울팀", "부산팀", "연구개발센터", "물류운영팀", "재무회계팀", "인사문화팀"),
}


def figure(value: float, half: float = 9.0) -> Figure:
    """Return an index as it is printed."""
    texts = [f"{number:+.1f}".replace("-", "−") for number in (value, value - half, value + half)]
    return Figure(round(value, 6), texts[0], round(value - half, 6), round(value + half, 6), texts[1], texts[2])


def waves(count: int) -> tuple[str, ...]:
    """Return codes of waves, a quarter apart."""
    return tuple(f"{2024 + place // 4}-Q{place % 4 + 1}" for place in range(count))


def shown(wave: str, value: Figure, n: int, language: str, *, joined: bool) -> Cell:
    """Return a cell with a number."""
    interval = Sentence("%(low)s to %(high)s", {"low": value.low_text, "high": value.high_text}).to(language)
    return Cell(wave, value, value.text, interval, f"{n:,}", joined=joined, stayed=90)


def line(place: int, name: str, of: tuple[str, ...], language: str) -> Line:
    """Return a unit: the third is hidden in its second wave, the fourth breaks, the fifth was another one at first."""
    draw, cells = random.Random(place), []  # noqa: S311 - numbers to look at
    level = draw.uniform(-15, 35)
    for at, wave in enumerate(of):
        level += draw.uniform(-6, 6)
        cells.append(shown(wave, figure(level), draw.randint(6, 1400), language, joined=at > 0))
    if place % 8 == 2 and len(cells) > 2:
        cells[1] = Cell(of[1], None, "", "", "", why=WHY.to(language), hidden=True)
        cells[2] = replace(cells[2], joined=False)
    if place % 8 == 3 and len(cells) > 2:
        cells[2] = replace(cells[2], joined=False, broken=True, stayed=38)
    if place % 8 == 4:
        cells[0] = replace(cells[0], name="Old lab")
    verdict = Sentence("No change can be told").to(language) + f" {of[-1]}: +1.2 (−8.0 – +10.4)"
    marks = (TrendMark("a", 0.5, "3 May 2025", "The leader changed"),) if place == 0 else ()
    return Line(f"U{place}", name, "", tuple(cells), verdict, "", (), marks)


def comparison(
    language: str = "en", units: int = 8, count: int = 12, names: dict[int, str] | None = None
) -> Comparison:
    """Return the comparison; `names` gives some units others."""
    of = waves(count)
    listed = [(names or {}).get(place, NAMES[language][place % 8]) for place in range(units)]
    lines = tuple(line(place, name, of, language) for place, name in enumerate(listed))
    index = Sentence("Total motivation").to(language)
    facts: dict[str, object] = {"measure": index, "first": of[0], "last": of[-1], "before": of[-2], "wave": of[-1]}
    others = Sentence("the other %(count)s", {"count": units - 1})
    rose = Sentence(
        "%(measure)s rose in %(rose)s between %(before)s and %(wave)s; for %(others)s no change can be told.",
        {**facts, "rose": listed[0], "others": others},
    )
    return Comparison(
        choice=Choice(tuple(each.code for each in lines)),
        language=language,
        measure=Measure("index", index, "index", -100.0, 100.0),
        title=Sentence("%(measure)s, %(first)s to %(last)s", facts).to(language),
        company_name={"en": "Hanbit Trading", "ko": "한빛상사"}[language],
        sentence=rose.to(language),
        waves=of,
        company=tuple(
            shown(wave, figure(10 + place / 3, 2.0), 4321, language, joined=place > 0) for place, wave in enumerate(of)
        ),
        lines=lines,
        axis=(-50.0, 100.0),
        apart=apart(lines, of[-1], language),
        outcome=None,
        otherwise=(),
        notes=notes(Measure("index", index, "index", -100.0, 100.0), "code", language),
        digests=tuple(f"{place:064x}" for place in range(count)),
        demo=True,
    )


def outcome(made: Comparison, language: str) -> Outcome:
    """Return what was counted of each unit: nothing after the first wave, and of the last unit nothing at all."""
    values = {
        each.code: tuple(
            Value(wave, f"{wave} ff." if at else "", number, "" if number is None else f"{number:.1f}")
            for at, wave in enumerate(made.waves)
            for number in [None if not at or place == len(made.lines) - 1 else 3.5 + place + at / 10]
        )
        for place, each in enumerate(made.lines)
    }
    name = {"en": "Customer satisfaction", "ko": "고객 만족도"}[language]
    better = Sentence("Higher is better").to(language)
    return Outcome(
        "csat", name, "points", better, made.waves[-1], "Too few points to say anything.", values, (3.0, 9.0)
    )


def apart(lines: tuple[Line, ...], wave: str, language: str) -> Apart:
    """Return what is said of pairs: two bands, and one unit that is lower than another."""
    rows = [(each, each.cells[-1]) for each in lines]
    text = Sentence("Of %(pairs)s pairs of these units %(apart)s can be told apart.", {"pairs": 28, "apart": 2})
    lower = Sentence("lower than %(others)s", {"others": lines[0].name})
    return Apart(
        wave=wave,
        tested=True,
        sentence=text.to(language),
        says=(Said(lines[-1].name, (lower.to(language),)),),
        rows=tuple(
            Row(each.code, each.name, cell.figure, cell.shown, cell.interval, "") for each, cell in rows if cell.figure
        ),
        bands=((0, 1, 2), (2, 3)) if len(lines) > 3 else (),
        lines=tuple(
            PairLine(one.name, other.name, "+3.1", "−6.0 – +12.2", "+0.10", "−0.20 – +0.40", "11.0", "…")
            for one, other in pairwise(lines)
        ),
        family=28,
    )


def handed(
    kind: Kind, language: str = "en", units: int = 8, count: int = 12, names: dict[int, str] | None = None
) -> Handed:
    """Return what makes a file of it, with an erratum."""
    erratum = Afterwards(waves(count)[-1], "Erratum of 3 May 2026.", "The number of people invited was wrong.")
    return Handed(comparison(language, units, count, names), (erratum,), "2026-09-14", kind)

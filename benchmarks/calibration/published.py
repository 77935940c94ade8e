"""What is published of teams held against what is true: intervals, shrunken means, and what is said by mistake."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Final

from benchmarks.calibration.counts import Claim, Part, Tally, counted
from benchmarks.calibration.people import INDEX, between
from benchmarks.calibration.waves import Published, companies
from survey.privacy.figures import Figure
from survey.privacy.record import UnitFigures

CLASSES: Final = {"5 to 9": range(5, 10), "10 to 19": range(10, 20), "20 to 50": range(20, 51)}
ICCS: Final = (0.0, 0.05, 0.1, 0.2)
FALSE_ALARMS: Final = 3
"""Times as many companies in which units do not differ: what must be rare takes many cases to count."""


@dataclass
class Held:
    """Published figures of teams of one size class and ICC, held against the truth."""

    index: Tally = field(default_factory=Tally)
    scales: Tally = field(default_factory=Tally)
    shrunken: Tally = field(default_factory=Tally)
    raw_errors: list[float] = field(default_factory=list)
    shrunken_errors: list[float] = field(default_factory=list)
    raw_widths: list[float] = field(default_factory=list)
    shrunken_widths: list[float] = field(default_factory=list)

    def add(self, figures: UnitFigures, true: dict[str, float], company: int) -> None:
        """Hold one team's figures against what is true of it."""
        index = true[INDEX.name]
        self.index.add(holds(figures.index, index), company)
        for scale, figure in figures.scales.items():
            self.scales.add(holds(figure, true[scale]), company)
        if isinstance(figures.shrunken, Figure):
            self.shrunken.add(holds(figures.shrunken, index), company)
            self.raw_errors.append(figures.index.value - index)
            self.shrunken_errors.append(figures.shrunken.value - index)
            self.raw_widths.append(width(figures.index))
            self.shrunken_widths.append(width(figures.shrunken))


def holds(figure: Figure, true: float) -> bool:
    """Return whether a published interval holds what is true."""
    return figure.low is not None and figure.high is not None and figure.low <= true <= figure.high


def width(figure: Figure) -> float:
    """Return how wide a published interval is."""
    return (figure.high or 0.0) - (figure.low or 0.0)


def held(published: Iterable[Published]) -> tuple[dict[str, Held], "Mistakes"]:
    """Hold publications against the truth, by size class, and count what they say that would be wrong at ICC 0."""
    found, mistakes = {name: Held() for name in CLASSES}, Mistakes()
    for number, company in enumerate(published):
        mistakes.add(company)
        for place, unit in company.units:
            if unit.figures is not None:
                true = {name: float(values[place]) for name, values in company.truths.items()}
                of_size = next(name for name, sizes in CLASSES.items() if unit.figures.n in sizes)
                found[of_size].add(unit.figures, true, number)
    return found, mistakes


@dataclass
class Mistakes:
    """What a publication must not say where units do not differ."""

    rest: Tally = field(default_factory=Tally)
    """Publications that call any unit higher or lower than the rest of the company."""
    pairs: Tally = field(default_factory=Tally)
    """Publications that tell any two units apart."""
    weakest: Tally = field(default_factory=Tally)
    """Units of which a weakest motive is named."""
    facet: Tally = field(default_factory=Tally)
    """Units of which a weakest facet is named."""

    def add(self, company: Published) -> None:
        """Look through one publication."""
        figures = [unit.figures for unit in company.record.units if unit.figures is not None]
        verdicts = [getattr(each.contribution, "verdict", "no detectable difference") for each in figures]
        self.rest.add(any(verdict != "no detectable difference" for verdict in verdicts))
        evidence = company.record.evidence
        self.pairs.add(evidence is not None and any(family.critical > 0 for family in evidence.pairs))
        self.weakest.add([each.weakest != "" for each in figures])
        self.facet.add([each.weakest_facet != "" for each in figures])


def parts(number: int, seed: int, iccs: Sequence[float] = ICCS) -> list[Part]:
    """Return the tables of published intervals, of shrunken means, and of mistakes."""
    made = {icc: held(companies(number if icc else FALSE_ALARMS * number, seed, between(icc))) for icc in iccs}
    return [_intervals(number, made), _gains(made), _mistakes({icc: each for icc, (_, each) in made.items()})]


Made = dict[float, tuple[dict[str, Held], Mistakes]]


def _intervals(number: int, made: Made) -> Part:
    part = Part(
        "Published intervals",
        f"{number} companies of 40 teams of 5 to 50 people in five divisions for each ICC, {FALSE_ALARMS} times as "
        "many for ICC 0, through the whole publication: one question in a hundred skipped, answers bounded, figures "
        "rounded. Teams that are hidden count nowhere.",
        ["people", "ICC", "teams", "index", "all 13 scales", "shrunken index"],
    )
    for icc, (classes, _) in made.items():
        for name, each in classes.items():
            cells = [str(each.index), str(each.scales), str(each.shrunken)]
            part.rows.append([name, f"{icc:.2f}", f"{each.index.cases:,}", *cells])
            part.claims += [
                Claim(f"index, {name} people, ICC {icc}: published intervals cover", each.index, 0.93, 0.97),
                Claim(f"scales, {name} people, ICC {icc}: published intervals cover", each.scales, 0.93, 0.97),
                Claim(
                    f"{name} people, ICC {icc}: shrunken intervals cover",
                    each.shrunken,
                    0.93,
                    1.0 if icc == 0 else 0.97,
                ),
            ]
    return part


def _gains(made: Made) -> Part:
    part = Part(
        "Shrunken means against raw ones",
        "The same publications: how far the published index, and the index drawn towards units of its kind, lie "
        "from what is true (root mean square, points), and how wide their intervals are on average.",
        ["people", "ICC", "raw error", "shrunken error", "smaller by", "raw interval", "shrunken interval"],
    )
    for icc, (classes, _) in made.items():
        for name, each in [*classes.items(), ("all", _all(classes.values()))]:
            raw, shrunken = (_rms(errors) for errors in (each.raw_errors, each.shrunken_errors))
            widths = [f"{sum(of) / max(len(of), 1):.1f}" for of in (each.raw_widths, each.shrunken_widths)]
            gain = [f"{raw:.2f}", f"{shrunken:.2f}", f"{1 - shrunken / raw:.0%}"]
            part.rows.append([name, f"{icc:.2f}", *gain, *widths])
        part.claims.append(Claim(f"ICC {icc}: shrunken beat raw means", counted(shrunken < raw), 1.0))
    return part


def _all(classes: Iterable[Held]) -> Held:
    """Return the errors and widths of teams of all sizes."""
    made = Held()
    for each in classes:
        made.raw_errors += each.raw_errors
        made.shrunken_errors += each.shrunken_errors
        made.raw_widths += each.raw_widths
        made.shrunken_widths += each.shrunken_widths
    return made


def _rms(errors: Sequence[float]) -> float:
    return sqrt(sum(error * error for error in errors) / max(len(errors), 1))


def _mistakes(made: dict[float, Mistakes]) -> Part:
    part = Part(
        "What is said of units",
        "How many of these publications say of any unit that it is higher or lower than the rest of the company, "
        "or tell any two units apart; and of how many units a weakest motive or facet is named. At ICC 0 every one "
        "of these is wrong: promised are at most 5 %. The other rows show what there is to find.",
        ["ICC", "any unit against the rest", "any two units apart", "weakest motive named", "weakest facet named"],
    )
    for icc, each in made.items():
        part.rows.append([f"{icc:.2f}", str(each.rest), str(each.pairs), str(each.weakest), str(each.facet)])
        if icc == 0:
            part.claims += [
                Claim("no difference: any unit called higher or lower than the rest", each.rest, most=0.05),
                Claim("no difference: any two units told apart", each.pairs, most=0.05),
                Claim("no difference: a weakest motive named", each.weakest, most=0.05),
                Claim("no difference: a weakest facet named", each.facet, most=0.05),
            ]
    return part

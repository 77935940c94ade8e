"""Labels on the tactical x adaptive map: are they as often right as their probability says?"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

from benchmarks.calibration.counts import Claim, Part, Tally
from benchmarks.calibration.waves import Published, companies
from survey.scoring.quadrant import MIDPOINT, Quadrant

BETWEEN: Final = {
    "units differ much": (0.3, 0.0, 0.7, 0.7),
    "units differ little": (0.2, 0.0, 0.3, 0.3),
}
"""Standard deviations between units, by factor."""
BINS: Final = (0.8, 0.9, 0.95, 1.0)
SAID: Final = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0)


def quadrant(tactical: float, adaptive: float) -> Quadrant:
    """Return where a unit truly is."""
    if tactical >= MIDPOINT:
        return "both" if adaptive >= MIDPOINT else "tactical only"
    return "adaptive only" if adaptive >= MIDPOINT else "neither"


class Said(NamedTuple):
    """What was said of a team of a company, and whether it is so."""

    probability: float
    so: bool
    company: int


def held(published: Iterable[Published]) -> tuple[list[Said], list[Said], Tally]:
    """Return what was said by labels, what of every quarter, and how many teams have a label."""
    labels, quarters, labelled = list[Said](), list[Said](), Tally()
    for number, company in enumerate(published):
        for place, unit in company.units:
            if unit.detail is None:
                continue
            truth = quadrant(float(company.truths["tactical"][place]), float(company.truths["adaptive"][place]))
            detail, named = unit.detail, unit.detail.label != "cannot tell yet"
            labelled.add(named, number)
            labels += [Said(detail.label_probability, detail.label == truth, number)] * named
            quarters += [Said(share, name == truth, number) for name, share in detail.quadrants.items()]
    return labels, quarters, labelled


def binned(said: list[Said], bins: Iterable[float]) -> Iterable[tuple[str, float, Tally]]:
    """Yield by bin of probability what was said on average, and how often it was so."""
    for low, high in pairwise(bins):
        inside = [each for each in said if low <= each.probability < high or each.probability == high == 1.0]
        tally = Tally()
        for each in inside:
            tally.add(each.so, each.company)
        if inside:
            yield f"{low:.2f} to {high:.2f}", sum(each.probability for each in inside) / len(inside), tally


def parts(number: int, seed: int) -> list[Part]:
    """Return the tables of labels and of all probabilities."""
    labels = Part(
        "Labels on the map",
        f"{number} companies of 40 teams for each kind. A label is given from 10 answers on and from a probability "
        "of .80; it must be right at least as often as its probability says.",
        ["companies", "teams with a label", "probability", "labels", "said on average", "right"],
    )
    quarters = Part(
        "Probabilities of the quarters",
        "Of the same teams, every quarter's probability: how often a quarter of which that was said is the true one.",
        ["companies", "probability", "quarters", "said on average", "true"],
    )
    for name, sds in BETWEEN.items():
        found, all_, labelled = held(companies(number, seed, sds))
        for bin_, said, tally in binned(found, BINS):
            labels.rows.append([name, str(labelled), bin_, f"{tally.cases:,}", f"{100 * said:.1f} %", str(tally)])
            labels.claims.append(Claim(f"{name}, labels of {bin_}: right", tally, least=said))
        quarters.rows += [
            [name, bin_, f"{tally.cases:,}", f"{100 * said:.1f} %", str(tally)]
            for bin_, said, tally in binned(all_, SAID)
        ]
    return [labels, quarters]

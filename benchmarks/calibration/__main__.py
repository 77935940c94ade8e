"""Simulate, hold what is published against what is true, and write docs/calibration.md.

    python -m benchmarks.calibration [--companies N] [--to FILE]

N companies (60 unless said otherwise) is the unit of all other numbers; with 60 it takes about six minutes of one core.
Fails where something is not as promised.
"""

import argparse
import platform
import sys
from collections.abc import Iterator
from os import cpu_count
from pathlib import Path
from textwrap import fill
from time import process_time
from typing import Final

import numpy as np
import scipy

from benchmarks.calibration import changes, coefficients, edges, means, places, published
from benchmarks.calibration.counts import Claim, Part, table

SEED: Final = 20261122
COMPANIES: Final = 60
REPORT: Final = Path("docs/calibration.md")

INTRODUCTION: Final = """# Calibration

Do 95 % intervals hold the truth in 95 of 100 cases, are teams that did not change called changed by mistake, is a
label right as often as it says? It cannot be seen on real answers, since nobody knows the truth behind them. So
companies are simulated in which it is known, and what the product then publishes is held against it.

**The people.** Each has inclinations of her own (motivation, a habit of agreeing, how either kind of performance
looks to her), shares some with her unit, and answers every item of the built-in instrument: inclination plus chance,
rounded to a whole answer from 1 to 7. ICC says how much of the spread of the index lies between units.

**The truth.** Of a unit, the *expected value of the whole answers from 1 to 7* of somebody there: what its mean would
be if infinitely many such people were asked, worked out by the normal distribution. Not the inclination behind the
answers, and not the mean of those few who happened to answer. Extreme answers are bounded before anything is
published (docs/privacy.md); this counts against the intervals here as it would in life.

**The path.** Where a publication is spoken of, the answers went through `survey.privacy.freeze` as those of any wave
do, the gate, bounding and rounding included, the second wave with the publication of the first. The rest calls the
same functions of `survey.scoring` that it calls.

**Counting.** A share of so many cases is itself unsure; where what was promised is listed, Wilson's 95 % interval of it
stands beside it. "As promised" means that the share itself lies within what is promised; "within chance" that it does
not, but that as many would be counted by chance more often than once in 1,000 times if the promise held; "NOT" that it
would be rarer. Cases of one company count for less, as far as they are alike.
"""


def parts(companies: int) -> Iterator[Part]:
    """Make every part of the report."""
    yield means.part(5 * companies, SEED)
    yield means.strained(companies, SEED)
    yield from published.parts(companies, SEED)
    yield changes.part(companies, SEED)
    yield from places.parts(companies // 2, SEED)
    yield coefficients.part(10 * companies, SEED)
    yield coefficients.findings(8 * companies, SEED)
    yield from edges.parts()


def verdict(claim: Claim) -> str:
    """Return a word for what was counted."""
    if claim.within:
        return "as promised"
    return "within chance" if claim.holds else "NOT"


def summary(claims: list[Claim]) -> list[str]:
    """Return what was promised and found, in short, and each claim that was not simply as promised."""
    words = [verdict(claim) for claim in claims]
    counts = ", ".join(f"{words.count(word)} {word}" for word in ("as promised", "within chance", "NOT"))
    lines = [
        "## What was promised",
        "",
        f"{len(claims)} promises: {counts}. Those that are not simply as promised:",
        "",
    ]
    others = [
        [claim.what, str(claim.counted), ends(claim), promised(claim), word]
        for claim, word in zip(claims, words, strict=True)
        if word != "as promised"
    ]
    return [*lines, *table(["what", "counted", "95 % interval", "promised", ""], others), ""]


def ends(claim: Claim) -> str:
    """Return between which shares the true one lies."""
    low, high = claim.counted.ends
    return f"({100 * low:.1f} to {100 * high:.1f} %)"


def promised(claim: Claim) -> str:
    """Return what is promised of a share."""
    if not claim.least:
        return f"at most {100 * claim.most:.0f} %"
    return f"{100 * claim.least:.1f} to {100 * claim.most:.0f} %"


def report(companies: int) -> tuple[str, list[Claim]]:
    """Return docs/calibration.md and everything that was promised."""
    start = process_time()
    made = []
    for part in parts(companies):
        made.append(part)
        print(f"{process_time() - start:6.0f} s  {part.title}", file=sys.stderr, flush=True)
    claims = [claim for part in made for claim in part.claims]
    how = (
        f"`python -m benchmarks.calibration --companies {companies}`, seed {SEED}, {process_time() - start:.0f} "
        f"processor seconds on one of {cpu_count()} shared cores ({platform.machine()}); Python "
        f"{platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}. The same seed gives the "
        "same tables. A short version of it runs with the tests (`tests/calibration`)."
    )
    last = ["## How this was made", "", fill(how, 118, break_on_hyphens=False), ""]
    text = [INTRODUCTION, *summary(claims), *(part.markdown() for part in made), *last]
    return "\n".join(text), claims


def main() -> None:
    """Write the report; fail where something is not as promised."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration")
    parser.add_argument("--companies", type=int, default=COMPANIES)
    parser.add_argument("--to", type=Path, default=REPORT)
    given = parser.parse_args()
    text, claims = report(given.companies)
    given.to.write_text(text, encoding="utf-8")
    broken = [claim for claim in claims if not claim.holds]
    for claim in broken:
        print(claim)
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()

"""How fast reports are printed: a company of `TEAMS` teams, every report in Korean, on all cores.

    python -m benchmarks.reports

Prints reports a second and minutes for 1,000, with the start of the workers counted in; fails above the design's target
of five minutes for 1,000 reports on two cores. Run it on a machine that does nothing else.
"""

import os
import sys
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import perf_counter

import numpy as np

from benchmarks.privacy import company
from reports.pool import Frozen, Job, render_all
from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.privacy.freeze import freeze
from survey.privacy.inputs import UnitFacts, WaveInputs
from survey.privacy.policy import Policy
from survey.privacy.record import WaveFacts
from survey.privacy.thaw import dump, thaw
from survey.scoring.answers import AnswerTable

TEAMS = 100
THOUSAND_IN = 300.0
CORES = 2


def frozen(teams: int) -> Frozen:
    """Freeze a company with drawn answers."""
    tree, counts = company(teams)
    random = np.random.default_rng(teams)
    instrument = builtin("total-motivation")
    where = np.repeat(np.arange(len(tree)), [counts[code] for code in tree.codes]).astype(np.int32)
    mood = random.normal(0, 1, (len(where), 1))
    drawn = 4.2 + mood + random.normal(0, 1, (len(where), len(instrument.items)))
    answers = np.clip(np.rint(drawn), 1, 7).astype(np.uint8)
    answers[:, [item in instrument.practices for item in instrument.items]] = SKIPPED
    wave = WaveFacts("2026-Q4", "native", "2026-11-02", "2026-11-13", [], "", demo=True)
    facts = tuple(UnitFacts(unit, invited=counts[unit.code]) for unit in tree.units)
    name = {"ko": "한빛상사", "en": "Hanbit Trading"}
    table = AnswerTable(instrument, answers, where)
    return Frozen(*dump(freeze(WaveInputs(name, "team", wave, Policy(), facts, table))))


def processor_seconds() -> float:
    """Return what the workers have used so far, whatever else the machine was doing."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print every report once and tell how long it took."""
    source = frozen(TEAMS)
    jobs = [Job(unit.code, "ko") for unit in thaw(source.record, source.digest).units]
    with tempfile.TemporaryDirectory() as folder:
        start = perf_counter()
        outcome = render_all(source, jobs, Path(folder))
        seconds = perf_counter() - start
    assert outcome.printed == len(jobs)
    thousand = seconds / len(jobs) * 1000
    print(f"{len(jobs)} reports in {seconds:.1f} s on {os.cpu_count()} cores: {len(jobs) / seconds:.2f} reports/s,")
    print(f"1,000 reports in {thousand / 60:.1f} minutes; {processor_seconds() / len(jobs):.2f} processor s each")
    if thousand > THOUSAND_IN * CORES / (os.cpu_count() or 1):
        sys.exit(f"above the target of {THOUSAND_IN / 60:.0f} minutes")


if __name__ == "__main__":
    main()

"""A company with drawn answers whose reports are printed."""

from collections.abc import Sequence

import numpy as np

from benchmarks.privacy import company
from reports.pool import Frozen
from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.privacy.freeze import freeze
from survey.privacy.inputs import UnitFacts, WaveInputs
from survey.privacy.policy import Policy
from survey.privacy.record import WaveFacts
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, dump, thaw
from survey.scoring.answers import AnswerTable


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


def thawed(frozen: Frozen) -> Publication:
    """Return it as readers see it."""
    return thaw(frozen.record, frozen.digest)


def with_numbers(publication: Publication) -> Sequence[str]:
    """Return the units whose reports have all pages and charts."""
    return [unit.code for unit in publication.units if not isinstance(unit.detail, Suppressed)]

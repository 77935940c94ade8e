"""What the page of evidence says of scales and of careless answers."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from survey.i18n import LANGUAGES
from survey.privacy.figures import NotEstimable, figure
from survey.privacy.figures import Style as Digits
from survey.privacy.freeze import freeze
from survey.privacy.record import Record, Reliability
from survey.privacy.thaw import Publication, read
from survey.scoring.answers import AnswerTable
from survey.web.evidence.carefulness import EITHER, STRAIGHT, carefulness
from survey.web.evidence.link import OLD
from survey.web.evidence.scales import LOOSELY, UNSURE, WELL, meanings, scales
from tests.privacy.companies import company
from tests.privacy.records import as_publication

TREE = "\n    Company\n      Care 40\n      North 30\n      South 30\n"


def published(clicked: int) -> Publication:
    """A company of a hundred, of whom so many gave one answer to everything about behaviour."""
    inputs = company(TREE)
    table = inputs.table.answers.copy()
    rows = np.arange(clicked) * 5
    table[rows, 6:21] = 2 + (np.arange(clicked) % 5)[:, np.newaxis]
    return as_publication(
        freeze(replace(inputs, table=AnswerTable(inputs.table.instrument, table, inputs.table.units)))
    )


def record_of(publication: Publication) -> Record:
    """The record behind a publication."""
    return read(*publication.frozen())


@pytest.mark.parametrize("language", LANGUAGES)
def test_results_stand_with_and_without_flagged_answers(language: str) -> None:
    """Enough flagged: counts, a verdict, and every result of the company twice, by name."""
    publication = published(18)
    found = carefulness(publication, language)
    assert found.counts[0].name.to(language) == STRAIGHT.to(language)
    assert "15" in found.counts[1].name.to(language)
    assert found.counts[1].many == 18
    assert found.verdict is not None
    assert found.results[0].name.text == "Total motivation"
    tactical = publication.instrument.scale("tactical").name[language]
    assert any(result.name.to(language).startswith(tactical) for result in found.results)
    assert all(result.with_all.shown for result in found.results if not result.with_all.why_not)


def test_few_flags_say_why_nothing_is_left_out() -> None:
    """Too few flagged: how many is not told, and in the verdict's place stands why there are no results without."""
    found = carefulness(published(3), "en")
    assert found.results == ()
    assert found.verdict is not None
    assert found.verdict.text.startswith("Too few answers are flagged")
    either = next(count for count in found.counts if count.name is EITHER)
    assert either.why_not is not None


def test_old_publications_say_that_they_are_old() -> None:
    """A wave published before there was evidence shows its coefficients, and says why there is no more."""
    record = msgspec.structs.replace(record_of(published(0)), evidence=None)
    publication = as_publication(record)
    assert carefulness(publication, "en").why_not is OLD
    assert all(line.questions == () and line.omega is None for line in scales(publication, "en"))


def test_a_scale_is_read_by_its_interval() -> None:
    """All of the interval from .70 on: one thing; all below: loosely; else it cannot be told; each said once."""
    record = record_of(published(0))
    ends = {"creativity": (0.7, 0.8), "persistence": (0.4, 0.69), "tactical": (0.69, 0.7)}
    told = [Reliability(scale, "alpha", figure(low, Digits(2), (low, high))) for scale, (low, high) in ends.items()]
    told.append(Reliability("adaptive", "alpha", NotEstimable("Too few.")))
    lines = scales(as_publication(msgspec.structs.replace(record, reliability=told)), "en")
    assert [line.meaning for line in lines] == [WELL, LOOSELY, UNSURE, None]
    assert [(meaning, names) for meaning, names in meanings(lines)] == [
        (WELL, "Creativity"), (LOOSELY, "Persistence"), (UNSURE, "Tactical performance"),
    ]  # fmt: skip


def test_questions_are_shown_as_they_were_asked() -> None:
    """Each question of a scale stands with the company's word for a unit, its correlation, and alpha without it."""
    (tactical,) = [line for line in scales(published(0), "ko") if line.name == "계획 수행"]
    assert len(tactical.questions) == 5
    assert all("{unit}" not in question.text and question.rest.shown for question in tactical.questions)
    assert tactical.omega is not None

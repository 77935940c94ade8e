"""The register of practices, and which of them a team is told to try."""

from pathlib import Path
from typing import Final

import pytest

from survey.instruments.errors import InstrumentError
from survey.instruments.load import builtin
from survey.instruments.practices import REGISTER, WORDED, Register, library, practice, suggest
from survey.instruments.reading import read

IDS: Final = [one.id for one in library()]


def ids(motive: str, facet: str, adopted: tuple[str, ...] = (), limit: int = 3) -> list[str]:
    """What is suggested for a motive and a facet."""
    return [one.id for one in suggest(motive, facet, adopted, limit)]


def test_the_register_has_the_eight_practices_of_the_sources() -> None:
    """All eight are there, each found by its id."""
    assert len(IDS) == len(set(IDS)) == 8
    assert practice("free_script").motives == ("play", "economic_pressure")
    with pytest.raises(KeyError):
        practice("free_beer")


def test_each_practice_is_asked_about_and_carries_the_name_of_its_scale() -> None:
    """A practice has one question, and pages, letters and PDFs call both by the same name."""
    instrument = builtin()
    assert [item.id for item in instrument.practices] == IDS
    assert {one.id: one.name for one in library()} == {name: instrument.scale(name).name for name in IDS}


def test_practices_speak_to_motives_and_facets_that_exist() -> None:
    """Nothing is suggested for a motive or a facet that nobody measures."""
    instrument = builtin()
    assert {name for one in library() for name in one.motives} == {scale.id for scale in instrument.motives}
    facets = {scale.id for scale in instrument.scales if scale.kind == "facet"}
    assert {name for one in library() for name in one.facets} == facets


@pytest.mark.parametrize("one", library(), ids=IDS)
def test_a_practice_is_told_in_both_languages(one: object) -> None:
    """Every part is written in Korean, formal and without 당신, and in English without a Korean letter."""
    for field in WORDED:
        text = getattr(one, field)
        assert set(text) == {"ko", "en"}
        assert not any("가" <= letter <= "힣" for letter in text["en"])
        assert not any(word in text["ko"] for word in ("귀하", "당신", "해요", "해야 합니다"))
        if field not in {"name", "source"}:
            assert text["ko"].endswith("니다.")
            assert text["en"].endswith(".")


@pytest.mark.parametrize(("motive", "facet", "first"), [
    ("play", "creativity", "free_script"),
    ("purpose", "citizenship", "feedback_to_all"),
    ("purpose", "creativity", "one_loop"),
    ("potential", "problem_solving", "stand_ups"),
    ("emotional_pressure", "", "stand_ups"),
    ("economic_pressure", "persistence", "balanced_measures"),
    ("economic_pressure", "creativity", "balanced_measures"),
    ("inertia", "", "feedback_to_all"),
    ("inertia", "analytical_thinking", "users_choose"),
    ("", "persistence", "balanced_measures"),
])  # fmt: skip
def test_the_best_match_is_suggested_first(motive: str, facet: str, first: str) -> None:
    """What suits the weakest motive most comes first; the weakest facet decides between equals."""
    assert ids(motive, facet)[0] == first


def test_only_what_matches_is_suggested() -> None:
    """Three places are not filled with practices that speak to neither weakness."""
    assert ids("emotional_pressure", "") == ["stand_ups", "balanced_measures"]
    assert len(ids("purpose", "problem_solving")) == 3
    assert len(ids("purpose", "problem_solving", limit=8)) == 5


def test_where_nothing_stands_out_the_register_decides() -> None:
    """Without a weakest motive or facet no practice is better than another."""
    assert ids("", "") == IDS[:3]


def test_what_a_team_does_already_is_not_suggested() -> None:
    """An adopted practice makes room for the next one; a team that does all is told nothing."""
    assert ids("play", "creativity", adopted=("free_script",))[0] == "front_line_days"
    assert ids("", "", adopted=tuple(IDS)) == []


@pytest.mark.parametrize(("old", "new", "path", "cure"), [
    ('id = "one_loop"', 'id = "stand_ups"', "practices[3].id",
     '"stand_ups" stands here for the second time: choose another id.'),
    ('what.en = "Those who look', 'what.de = "Those who look', "practices[3].what.en", 'Add the wording in "en".'),
    ('motives = ["purpose"]\nfacets = ["creativity"]', "motives = []\nfacets = []", "practices[3].motives",
     "Name at least one motive that this practice speaks to."),
    ('motives = ["purpose"]\nfacets = ["creativity"]', 'motives = ["purpose", "purpose"]\nfacets = []',
     "practices[3].motives", "purpose is named twice: remove it once."),
    ('facets = ["creativity"]', 'facets = ["creativity", "creativity"]', "practices[3].facets",
     "creativity is named twice: remove it once."),
    ('id = "one_loop"', 'id = "one_loop"\nowner = "Ada"', "practices[3].owner",
     f"Remove this or correct its name; known here are: id, {', '.join(WORDED)}, motives, facets, asks."),
])  # fmt: skip
def test_a_broken_register_is_told_by_place_and_cure(tmp_path: Path, old: str, new: str, path: str, cure: str) -> None:
    """A company that adds its own practices is told what is wrong where."""
    file = tmp_path / "ours.toml"
    file.write_text(REGISTER.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(InstrumentError) as caught:
        read(file, Register)
    assert (caught.value.file, caught.value.path, str(caught.value.cure)) == ("ours.toml", path, cure)


def test_the_line_of_a_fault_is_told(tmp_path: Path) -> None:
    """Whoever mends the file finds the place: of what stands in an entry, the line is told beside its path."""
    file = tmp_path / "ours.toml"
    old, new = 'motives = ["purpose"]\nfacets = ["creativity"]', 'motives = ["purpose", "purpose"]\nfacets = []'
    text = REGISTER.read_text("utf-8").replace(old, new, 1)
    file.write_text(text, "utf-8")
    with pytest.raises(InstrumentError) as caught:
        read(file, Register)
    line = text[: text.index('"purpose", "purpose"')].count("\n") + 1
    assert caught.value.line == line
    assert str(caught.value) == (
        f"ours.toml, practices[3].motives, line {line}: purpose is named twice: remove it once."
    )

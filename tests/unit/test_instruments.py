"""The instruments that ship, what they say about themselves, and shapes of others that the format can express."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec
import pytest

from survey.instruments.errors import InstrumentError
from survey.instruments.load import DEFAULT, available, builtin, load
from survey.instruments.model import Composite, Instrument, Item, Scale

MOTIVES: Final = ["play", "purpose", "potential", "emotional_pressure", "economic_pressure", "inertia"]
ROOT: Final = Path(__file__).parents[2]
FACETS: Final = ["creativity", "persistence", "analytical_thinking", "problem_solving", "citizenship"]


def engagement() -> Instrument:
    """A mean of three subscales answered 0 to 6, as engagement is often measured: no motives, no index, no wording."""
    names = ("vigour", "dedication", "absorption")
    return Instrument(
        id="engagement-mean",
        version="1",
        title={"ko": "몰입 평균", "en": "Mean engagement"},
        languages=("ko", "en"),
        citation="A definition made for this test, in the shape of the UWES.",
        licence="Definition only.",
        scales=tuple(Scale(name, {"ko": "하위 척도", "en": name}, "outcome") for name in names),
        items=tuple(Item(f"{name}_{number}", name, min=0, max=6) for name in names for number in (1, 2, 3)),
        composites=(Composite("engagement", {"ko": "몰입", "en": "Engagement"}, dict.fromkeys(names, "1/3"), 0, 6),),
    )


def test_the_default_instrument_asks_what_the_design_lists() -> None:
    """Six motives, five facets of two items, five tactical items, eight practices, one comment."""
    instrument = builtin()
    assert builtin(DEFAULT) is instrument
    assert [scale.id for scale in instrument.motives] == MOTIVES
    assert [scale.id for scale in instrument.scales if scale.parent == "adaptive"] == FACETS
    assert [len(instrument.items_of(facet)) for facet in FACETS] == [2] * 5
    assert [item.id for item in instrument.items_of("tactical")] == [f"tactical_{number}" for number in range(1, 6)]
    assert len(instrument.items_of("adaptive")) == 10
    assert len(instrument.practices) == 8
    assert set(instrument.comment) == {"ko", "en"}


def test_the_index_has_the_exact_weights_of_its_authors() -> None:
    """10, 5, 5/3 and their opposites: exact, zero in sum, from -100 to +100, inertia subtracted."""
    index = builtin().index
    assert index is not None
    assert index.fractions == {
        "play": Fraction(10), "purpose": Fraction(5), "potential": Fraction(5, 3),
        "emotional_pressure": Fraction(-5, 3), "economic_pressure": Fraction(-5), "inertia": Fraction(-10),
    }  # fmt: skip
    assert sum(index.fractions.values()) == 0
    assert (index.id, index.low, index.high, index.rescale) == ("total_motivation", -100, 100, (1, 7))


def test_direct_and_indirect_motives_are_mixed_and_never_alternate_regularly() -> None:
    """Nobody can answer one half of the motives alike and the other half alike by position."""
    instrument = builtin()
    asked = [instrument.scale(item.scale).direction for item in instrument.items if item.block == "motives"]
    assert sorted(asked) == ["direct"] * 3 + ["indirect"] * 3
    assert asked not in (["direct", "indirect"] * 3, ["indirect", "direct"] * 3)
    assert asked not in (sorted(asked), sorted(asked, reverse=True))
    assert [scale.id for scale in instrument.direct] == MOTIVES[:3]
    assert [scale.id for scale in instrument.indirect] == MOTIVES[3:]


def test_adaptive_and_tactical_items_are_mixed() -> None:
    """No two tactical items and no two items of one facet follow each other."""
    asked = [item.scale for item in builtin().items if item.block == "behaviour"]
    assert all(one != other for one, other in pairwise(asked))


def test_a_wave_asks_the_practices_it_names() -> None:
    """All other items are always asked, in the instrument's order; an unknown practice is an error."""
    instrument = builtin()
    assert len(instrument.asked()) == 21
    asked = instrument.asked(["reach_review", "stand_ups"])
    assert [item.id for item in asked[21:]] == ["stand_ups", "reach_review"]
    with pytest.raises(KeyError, match="no practice item of total-motivation: play"):
        instrument.asked(["play"])


def test_the_form_follows_the_blocks() -> None:
    """Items are grouped under their block's heading; a block of which nothing is asked does not appear."""
    instrument = builtin()
    blocks = instrument.in_blocks(instrument.asked())
    assert [(block.id, len(items)) for block, items in blocks] == [("motives", 6), ("behaviour", 15)]
    assert len(instrument.in_blocks(instrument.items)) == 3
    assert instrument.in_blocks(()) == ()


def test_items_scales_and_labels_are_found_by_id() -> None:
    """What does not exist is an error and not a guess."""
    instrument = builtin()
    assert instrument.item("tactical_3").scale == "tactical"
    assert instrument.scale("adaptive").kind == "behaviour"
    labels = instrument.answer_scale(instrument.item("play"))
    assert labels is not None
    assert list(labels.labels) == ["1", "4", "7"]
    assert instrument.range_of("adaptive") == (1, 7)
    with pytest.raises(KeyError):
        instrument.item("fun")
    with pytest.raises(KeyError):
        instrument.scale("fun")


@pytest.mark.parametrize(("unit", "korean", "english"), [
    ("", "우리 팀에서는", "In our team,"),
    ("team", "우리 팀에서는", "In our team,"),
    ("store", "우리 매장에서는", "In our store,"),
    ("department", "우리 부서에서는", "In our department,"),
])  # fmt: skip
def test_questions_use_the_companys_word_for_a_unit(unit: str, korean: str, english: str) -> None:
    """The word is filled in everywhere before anybody sees a question."""
    instrument = builtin(DEFAULT, unit)
    for item in instrument.items_of("adaptive") + instrument.practices:
        assert item.text["ko"].startswith(korean)
        assert item.text["en"].startswith(english)
    assert "{" not in "".join(item.text["ko"] + item.text["en"] for item in instrument.items)
    assert "{unit}" not in instrument.to_json()


def test_an_unknown_word_for_a_unit_is_refused() -> None:
    """A wave is not opened in the words of another company."""
    with pytest.raises(InstrumentError) as caught:
        builtin(DEFAULT, "squad")
    assert str(caught.value) == 'total-motivation.toml, units: Add the word "squad" for a unit.'


def test_an_instrument_travels_as_text() -> None:
    """The JSON in a publication gives back the same instrument, and the same instrument gives the same JSON."""
    for name in available():
        instrument = builtin(name)
        assert Instrument.from_json(instrument.to_json()) == instrument
        assert Instrument.from_json(instrument.to_json()).to_json() == instrument.to_json()
        assert hash(Instrument.from_json(instrument.to_json())) == hash(instrument)


def test_the_digest_changes_with_a_word() -> None:
    """Two companies that asked different words do not share a digest."""
    assert builtin().digest() == builtin(DEFAULT, "team").digest()
    assert builtin().digest() != builtin(DEFAULT, "store").digest()
    assert len(builtin().digest()) == 64


@pytest.mark.parametrize("name", available())
def test_a_file_is_named_as_its_instrument(name: str) -> None:
    """Whoever knows the id knows the file; the default is offered first."""
    assert builtin(name).id == name
    assert available()[0] == DEFAULT


def test_the_manuals_example_is_an_instrument(tmp_path: Path) -> None:
    """What people copy from docs/instruments.md loads, asks two questions and has an index."""
    example = (ROOT / "docs" / "instruments.md").read_text("utf-8").split("```toml\n")[1].split("```")[0]
    file = tmp_path / "two-motives.toml"
    file.write_text(example, "utf-8")
    instrument = load(file)
    assert [item.id for item in instrument.asked()] == ["play", "inertia"]
    assert instrument.index is not None


def test_an_unknown_instrument_is_an_error() -> None:
    """The names that exist are told."""
    with pytest.raises(KeyError, match="there are total-motivation, w-sdi"):
        builtin("weims")


def test_w_sdi_is_a_definition_without_wording() -> None:
    """Eighteen items in six subscales of three, weighed 3 to -3, and not one word of the published questionnaire."""
    instrument = builtin("w-sdi")
    index = instrument.index
    assert index is not None
    assert [len(instrument.items_of(scale.id)) for scale in instrument.motives] == [3] * 6
    assert list(index.fractions.values()) == [3, 2, 1, -1, -2, -3]
    assert (index.low, index.high, index.rescale) == (-36, 36, None)
    assert [item.id for item in instrument.items] == [f"weims_{number}" for number in range(1, 19)]
    assert not any(item.text for item in instrument.items)
    assert instrument.answer_scale(instrument.items[0]) is None
    assert "Tremblay" in instrument.citation
    assert instrument.worded_for("store") is instrument


ENGAGEMENT: Final = """
id = "engagement-mean"
version = "1"
languages = ["ko", "en"]
citation = "A definition made for this test, in the shape of the UWES."
licence = "Definition only."
title = { ko = "몰입 평균", en = "Mean engagement" }

[[scales]]
id = "vigour"
name = { ko = "하위 척도", en = "vigour" }
kind = "outcome"

[[items]]
id = "vigour_1"
scale = "vigour"
min = 0
max = 6
"""


def test_a_mean_of_other_ranges_can_be_expressed(tmp_path: Path) -> None:
    """Engagement answered 0 to 6 has a composite and no index; a single scale needs not even a composite."""
    instrument = engagement()
    assert instrument.index is None
    assert not instrument.motives
    assert not instrument.practices
    assert instrument.composites[0].fractions == dict.fromkeys(("vigour", "dedication", "absorption"), Fraction(1, 3))
    assert instrument.range_of("vigour") == (0, 6)
    file = tmp_path / "engagement-mean.toml"
    file.write_text(ENGAGEMENT, "utf-8")
    assert load(file).items == instrument.items[:1]


def test_a_relative_autonomy_index_can_be_expressed() -> None:
    """Weights that do not sum to zero are legal for a composite that is not made of motives."""
    weights = {"intrinsic": "3", "identified": "2", "introjected": "-1", "external": "-2", "amotivation": "-3"}
    base = engagement()
    instrument = msgspec.structs.replace(
        base,
        scales=tuple(Scale(name, {"ko": name, "en": name}, "outcome") for name in weights),
        items=tuple(Item(f"{name}_1", name, reverse=name == "external") for name in weights),
        composites=(Composite("rai", {"ko": "상대적 자율성", "en": "Relative autonomy"}, weights, low=-37, high=29),),
    )
    assert sum(instrument.composites[0].fractions.values()) == -1
    assert instrument.index is None

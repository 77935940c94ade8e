"""Two versions of an instrument: for which scales may a change between waves be told?"""

import pytest
from msgspec.structs import replace

from survey.i18n import LANGUAGES
from survey.instruments.extra import Extra, with_extra
from survey.instruments.load import builtin
from survey.instruments.model import Instrument
from survey.instruments.versions import INDEX, between, same_index

THEN = builtin()


def reworded(*names: str) -> Instrument:
    """The default instrument with other words for these items."""
    items = tuple(
        replace(item, text=item.text | {"en": f"{item.text['en']} Or so."}) if item.id in names else item
        for item in THEN.items
    )
    return replace(THEN, version="2", items=items)


def told(now: Instrument, then: Instrument = THEN) -> dict[str, str]:
    """What is broken, by scale, in words."""
    return {each.scale: ", ".join(why.to("en") for why in each.why) for each in between(then, now).broken}


def test_a_version_that_asks_the_same_breaks_nothing() -> None:
    """Another version number, citation or name of a scale changes no question."""
    scales = tuple(replace(scale, name=scale.name | {"en": "Joy"}) for scale in THEN.scales)
    assert told(replace(THEN, version="2", citation="Elsewhere.", scales=scales)) == {}
    assert same_index(THEN, replace(THEN, version="2", scales=scales))


def test_changed_words_break_their_scale_and_what_it_is_a_part_of() -> None:
    """Three items of adaptive performance: its facets and itself are broken, the index and all else stand."""
    names = [item.id for item in THEN.items_of("adaptive")][:3]
    found = told(reworded(*names))
    assert found.pop("adaptive") == "3 items changed"
    assert sum(int(words.split()[0]) for words in found.values()) == 3
    assert set(found) <= {scale.id for scale in THEN.scales if scale.kind == "facet"}
    assert same_index(THEN, reworded(*names))


def test_a_changed_motive_breaks_the_index() -> None:
    """The index is made of all motives; one with other words makes another index."""
    assert told(reworded("play")) == {INDEX: "1 item changed", "play": "1 item changed"}
    assert not same_index(THEN, reworded("play"))


@pytest.mark.parametrize(("field", "changed"), [
    ("answer_scales", lambda part: replace(part, labels=part.labels | {"7": {"ko": "늘", "en": "ever"}})),
    ("blocks", lambda part: replace(part, intro={"ko": "지난 2주를 떠올려 보세요.", "en": "Think of two weeks."})),
])  # fmt: skip
def test_other_labels_or_introductions_are_other_questions(field: str, changed: object) -> None:
    """What a respondent reads around a question is part of it: every scale under it is broken."""
    assert callable(changed)
    now = replace(THEN, **{field: tuple(changed(part) for part in getattr(THEN, field))})
    assert {each.scale for each in between(THEN, now).broken} == {INDEX, *(scale.id for scale in THEN.scales)}


def test_items_that_come_and_go_are_counted() -> None:
    """An item more or less makes another scale; a scale that only one version has is not compared."""
    last = THEN.items_of("tactical")[-1]
    fewer = replace(THEN, items=tuple(item for item in THEN.items if item != last))
    assert told(fewer) == {"tactical": "1 item left out"}
    assert told(THEN, fewer) == {"tactical": "1 item added"}
    practice = THEN.practices[0].id
    without = replace(
        THEN,
        items=tuple(item for item in THEN.items if item.id != practice),
        scales=tuple(scale for scale in THEN.scales if scale.id != practice),
    )
    assert told(without) == {practice: "not asked any more"}
    assert told(THEN, without) == {practice: "not asked before"}


def test_other_weights_make_another_index() -> None:
    """The motives stand; the index made of them does not."""
    made = THEN.index
    assert made is not None
    other = replace(made, weights=made.weights | {"play": "5", "purpose": "10"})
    assert told(replace(THEN, composites=(other,))) == {INDEX: "reckoned in another way"}


def test_another_instrument_has_nothing_in_common() -> None:
    """The same words under another id are another questionnaire."""
    assert not same_index(THEN, replace(THEN, id="ours"))
    assert all(not each.holds for each in between(THEN, replace(THEN, id="ours")).verdicts)


def test_extra_items_break_nothing() -> None:
    """They are a wave's own, and of no version."""
    now = with_extra(THEN, (Extra("회의가 제때 끝났다.", "Meetings ended on time."),))
    assert told(now) == {}
    assert told(THEN, now) == {}


def test_every_reason_is_said_in_both_languages() -> None:
    """A scale's name and its reasons are words in Korean and English."""
    for each in between(THEN, reworded("play", "tactical_1")).broken:
        for language in LANGUAGES:
            assert each.name[language]
            assert all(why.to(language) for why in each.why)

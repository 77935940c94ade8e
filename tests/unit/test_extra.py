"""Extra items: what may be asked in a company's own words, and where it stands among what a wave asks."""

import pytest

from survey.i18n import Refused, catalogue
from survey.instruments.answers import encode
from survey.instruments.extra import (
    LONGEST,
    MOST,
    PREFIX,
    Extra,
    is_extra,
    require_possible,
    typed,
    warnings,
    with_extra,
)
from survey.instruments.load import builtin
from survey.instruments.model import Instrument
from survey.instruments.versions import between
from survey.scoring.columns import columns
from tests.variant import EXTRAS

ONE = Extra("회의가 제때 끝났다.", "Meetings ended on time.")


def test_what_was_typed_is_tidied() -> None:
    """Spaces and line ends go, Hangul is composed, pairs left empty are none; half a pair stays to be told."""
    assert typed([(" 회의가\n제때  끝났다. ", "Meetings ended on time."), ("", " ")]) == (ONE,)
    assert typed([("회의", "")]) == (Extra("회의", ""),)


@pytest.mark.parametrize(("extra", "said"), [
    (Extra(ONE.ko, ""), "English: write it in this language too"),
    (Extra("", ONE.en), "Korean: write it in this language too"),
    (Extra(ONE.ko, "a" * (LONGEST["en"] + 1)), "121"),
    (Extra("가" * (LONGEST["ko"] + 1), ONE.en), "61"),
    (Extra(ONE.ko, "Why?"), "a whole sentence"),
    (Extra(ONE.ko, "In our {unit}, we met."), "without braces"),
    (Extra(ONE.ko, "Meetings \u202eended on time."), "nobody can see"),
    (Extra(ONE.ko, "Meetings \ue000ended\ue001 on time."), "nobody can see"),
    (Extra(ONE.ko, "I do this work because I ENJOY working on it"), "asked already"),
])  # fmt: skip
def test_what_cannot_be_asked_is_refused(extra: Extra, said: str) -> None:
    """Both languages, a sentence of some length, nothing unseen, nothing that is asked anyway."""
    with pytest.raises(Refused, match=said) as caught:
        require_possible([EXTRAS[2], extra], builtin())
    assert "Extra item 2" in str(caught.value)
    assert caught.value.sentence.to("ko") != str(caught.value)


def test_the_same_question_twice_and_a_sixth_are_refused() -> None:
    """Five at most, each once, whatever its stops and capitals."""
    require_possible(EXTRAS, builtin())
    with pytest.raises(Refused, match="asked already"):
        require_possible([ONE, Extra("회의가 제때 끝났다!", "We met on time.")], builtin())
    with pytest.raises(Refused, match=str(MOST)):
        require_possible([*EXTRAS, ONE], builtin())


@pytest.mark.parametrize(("extra", "warned"), [
    (ONE, False),
    (Extra("나의 직급은 이것이다.", "I have this position."), True),
    (Extra("어느 팀에서 일하나요?", "I work here."), True),
    (Extra("나는 오래 일했다.", "My age group is this one."), True),
    (Extra("팀이 잘 맞았다.", "My team worked well together."), False),
])  # fmt: skip
def test_a_question_that_asks_who_somebody_is_gets_a_warning(extra: Extra, warned: bool) -> None:  # noqa: FBT001 - a column
    """HR is told before the opening; it is not refused, since words alone do not prove it."""
    found = list(warnings([extra]))
    assert bool(found) == warned
    assert all(each.text in catalogue("ko") for each in found)


def test_extra_items_stand_at_the_end_and_out_of_the_index() -> None:
    """They come last, as practices do: a gate of their own, and no column of the one base."""
    asked = with_extra(builtin(), EXTRAS)
    assert asked.items[: len(builtin().items)] == builtin().items
    assert [item.text["en"] for item in asked.practices[-5:]] == [extra.en for extra in EXTRAS]
    assert all(is_extra(item.id) and item.range == (1, 7) for item in asked.items[-5:])
    assert columns(asked) == columns(builtin())
    assert asked.index == builtin().index
    assert between(builtin(), asked).broken == ()
    assert len(encode(asked.items, {EXTRAS[0].id: 7})) == len(builtin().items) + 5
    assert Instrument.from_json(asked.to_json()) == asked
    assert with_extra(builtin(), ()) is builtin()


def test_an_id_says_what_is_asked() -> None:
    """The same words have the same id in every wave; other words, in either language, have another."""
    assert len({each.id for each in (ONE, Extra(ONE.ko, "On time."), Extra("제때 끝났다.", ONE.en))}) == 3
    assert ONE.id.startswith(PREFIX)
    assert ONE.id == Extra(ko=ONE.ko, en=ONE.en).id


def test_a_third_language_is_asked_in_english() -> None:
    """An instrument in more languages keeps its promise that every text stands in each of them."""
    three = builtin().to_json().replace('"languages":["ko","en"]', '"languages":["ko","en","fr"]')
    three = three.replace('"en":"', '"fr":"x","en":"')
    asked = with_extra(Instrument.from_json(three), (ONE,))
    assert asked.item(ONE.id).text == {"ko": ONE.ko, "en": ONE.en, "fr": ONE.en}

"""Answers as typed, as numbers, and as the bytes of a response."""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.i18n import Refused
from survey.instruments.answers import SKIPPED, decode, encode, parse_answer
from survey.instruments.load import available, builtin
from survey.instruments.model import Item

PLAY: Final = Item("play", "play")
VIGOUR: Final = Item("vigour_1", "vigour", min=0, max=6)
WIDE: Final = Item("slider", "mood", min=0, max=100)
ITEMS: Final = (PLAY, VIGOUR, WIDE)


@pytest.mark.parametrize("text", [
    "0", "8", "-1", "3.5", "7 ", " 7", "07", "+7", "7\n", "1e0", "٧", "\uff17", "seven", "NaN", "\0", "3\u202e", "😀",
    "1" * 5000,
])  # fmt: skip
def test_only_the_numbers_of_the_item_are_answers(text: str) -> None:
    """Whatever is not exactly one of the numbers on the page is refused with a sentence, and not repeated in it."""
    with pytest.raises(Refused) as caught:
        parse_answer(PLAY, text)
    assert str(caught.value) == "Choose a whole number from 1 to 7, or leave it empty."
    assert caught.value.sentence.to("ko") == "1부터 7까지의 숫자 가운데 하나를 고르거나 비워 두세요."


def test_every_number_of_the_item_is_an_answer() -> None:
    """From the lowest to the highest, both included; nothing typed means skipped."""
    assert [parse_answer(PLAY, str(number)) for number in range(1, 8)] == [1, 2, 3, 4, 5, 6, 7]
    assert parse_answer(VIGOUR, "0") == 0
    assert parse_answer(WIDE, "100") == 100
    assert parse_answer(PLAY, "") is None


@given(st.text())
@settings(deadline=None)
def test_parsing_never_fails_in_another_way(text: str) -> None:
    """Any text at all is an answer, nothing, or refused."""
    try:
        answer = parse_answer(WIDE, text)
    except Refused:
        return
    assert answer is None or str(answer) == text


def test_a_response_is_a_byte_for_each_item() -> None:
    """Skipped and not asked are the same byte, so that nobody is known by what she was not asked."""
    assert encode(ITEMS, {"play": 7, "vigour_1": 0}) == bytes([7, 0, SKIPPED])
    assert encode(ITEMS, {"play": None}) == bytes([SKIPPED] * 3)
    assert decode(ITEMS, bytes([7, 0, SKIPPED])) == {"play": 7, "vigour_1": 0, "slider": None}


@given(st.data())
@settings(deadline=None)
@pytest.mark.parametrize("name", available())
def test_what_is_encoded_comes_back(name: str, data: st.DataObject) -> None:
    """For each instrument that ships, decoding gives back every answer and None for the rest."""
    items = builtin(name).items
    answers = data.draw(
        st.fixed_dictionaries({}, optional={item.id: st.none() | st.integers(item.min, item.max) for item in items})
    )
    coded = encode(items, answers)
    assert len(coded) == len(items)
    assert decode(items, coded) == {item.id: answers.get(item.id) for item in items}


@pytest.mark.parametrize(("answers", "says"), [
    ({"play": 8}, "play: 8 is not from 1 to 7"),
    ({"play": 0}, "play: 0 is not from 1 to 7"),
    ({"vigour_1": 7}, "vigour_1: 7 is not from 0 to 6"),
    ({"slider": SKIPPED}, "slider: 255 is not from 0 to 100"),
    ({"fun": 1, "joy": 1}, "no such item: fun, joy"),
])  # fmt: skip
def test_what_is_no_answer_is_not_encoded(answers: dict[str, int], says: str) -> None:
    """A number outside the item's range or for an unknown item never becomes part of a response."""
    with pytest.raises(ValueError, match=says):
        encode(ITEMS, answers)


@pytest.mark.parametrize(("coded", "says"), [
    (b"", "0 answers for 3 items"),
    (bytes([7, 0, 50, 1]), "4 answers for 3 items"),
    (bytes([8, 0, 50]), "play: 8 is not from 1 to 7"),
    (bytes([7, 0, 101]), "slider: 101 is not from 0 to 100"),
])  # fmt: skip
def test_damaged_bytes_are_not_read_as_answers(coded: bytes, says: str) -> None:
    """A vector of another instrument, or a damaged one, is an error and not a wrong number."""
    with pytest.raises(ValueError, match=says):
        decode(ITEMS, coded)

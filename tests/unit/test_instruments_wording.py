"""How our own questionnaire reads: short, plain, in one voice, in both languages, and in nobody else's words."""

import re
from typing import Final

import pytest

from survey.instruments.load import DEFAULT, FOLDER, builtin
from survey.instruments.model import Item

ITEMS: Final = builtin().items
LONGEST: Final = {"ko": 45, "en": 100}
"""Characters of a question that still stand in three lines on a small phone."""

PUBLISHED: Final = (
    "because the work itself is fun",
    "has an important purpose",
    "reach my personal goals",
    "i continue to work at my current job",
    "disappoint myself or people i care about",
    "meet my financial objectives",
    "no good reason why i",
    "i would be very ashamed of myself",
    "for the income it provides me",
    "i ask myself this question",
    "the satisfaction i experience",
    "at my work, i feel bursting with energy",
)
"""Turns of phrase of published questionnaires (Total Motivation, WEIMS, UWES), which are not ours to use."""

JARGON: Final = re.compile(
    r"synerg|stakeholder|leverag|proactiv|alignment|empower|agile|engage|motivat|KPI|시너지|이해관계자|내재화|동기|몰입|얼라인|애자일",
    re.IGNORECASE,
)


def ids(item: Item) -> str:
    """The name of a row."""
    return item.id


@pytest.mark.parametrize("item", ITEMS, ids=ids)
def test_a_question_is_one_short_plain_sentence(item: Item) -> None:
    """Short enough for a phone, one sentence, and no words of the trade."""
    for language, text in item.text.items():
        assert len(text) <= LONGEST[language]
        assert text == text.strip()
        assert text.count(".") == 1
        assert text.endswith(".")
        assert not JARGON.search(text)


@pytest.mark.parametrize("unit", builtin().units)
def test_every_word_for_a_unit_leaves_questions_short(unit: str) -> None:
    """A company that says department has room for it on the phone."""
    for item in builtin(DEFAULT, unit).items:
        assert all(len(text) <= LONGEST[language] for language, text in item.text.items())


@pytest.mark.parametrize("item", ITEMS, ids=ids)
def test_korean_questions_speak_plainly(item: Item) -> None:
    """Statements end in plain -다 and address nobody."""
    korean = item.text["ko"]
    assert re.search(r"[가-힣]다\.$", korean)
    assert not re.search(r"니다\.$|[해에]요|당신|귀하", korean)


@pytest.mark.parametrize("item", ITEMS, ids=ids)
def test_no_question_is_copied(item: Item) -> None:
    """Published item texts are copyrighted: ours share no turn of phrase with them."""
    english = item.text["en"].lower()
    assert not any(phrase in english for phrase in PUBLISHED)


def test_motive_questions_are_about_the_persons_own_reasons() -> None:
    """Each says I and asks about this work, so that nobody answers for the team."""
    for item in ITEMS[:6]:
        assert item.text["en"].startswith("I ")
        assert "this work" in item.text["en"]
        assert "우리" not in item.text["ko"]


def test_behaviour_and_practice_questions_are_about_the_team() -> None:
    """Each says "In our team": what we did, so that nobody reports on herself."""
    for item in ITEMS[6:]:
        assert item.text["ko"].startswith("우리 팀에서는 ")
        assert item.text["en"].startswith("In our team, ")
        assert item.answers == "frequency"


def test_the_midpoint_means_something() -> None:
    """1, 4 and 7 have words: a share of the times, or how far a statement applies."""
    labels = {scale.id: [scale.labels[number]["en"] for number in ("1", "4", "7")] for scale in builtin().answer_scales}
    assert labels == {
        "agreement": ["not at all", "halfway", "completely"],
        "frequency": ["never", "about half the time", "always"],
    }


def test_introductions_name_the_four_weeks() -> None:
    """Whoever answers how often knows of which time."""
    for block in builtin().blocks[1:]:
        assert "4주" in block.intro["ko"]
        assert "four weeks" in block.intro["en"]


def test_the_word_for_a_unit_takes_any_ending_in_korean() -> None:
    """팀, 매장 and 부서 need different particles after a vowel or a consonant: only those that fit all may follow."""
    korean = (FOLDER / f"{DEFAULT}.toml").read_text("utf-8").split("\n")
    followed = [
        ending
        for line in korean
        if "ko =" in line
        for ending in re.findall(r"\{unit\}(\S*?)[\s\"]", line.split("#")[0])
    ]
    assert followed
    assert set(followed) <= {"에서", "에서는", "의"}

from unicodedata import normalize

import pytest
from werkzeug.datastructures import MultiDict

from survey.forms.questionnaire import COMMENT, Questionnaire
from survey.forms.steps import evenly, steps
from survey.forms.wording import in_words
from survey.i18n import LANGUAGES
from survey.instruments.comments import LONGEST
from survey.instruments.load import builtin
from survey.instruments.model import AnswerScale, Item
from survey.web.responses.brake import FREE, MANY, Brake
from survey.web.responses.sheets import Sheet, place

INSTRUMENT = builtin()
ITEMS = INSTRUMENT.asked(["stand_ups", "free_script"])
HEART = "\U0001fa77"
"""An emoji younger than the Unicode tables of Python 3.11."""


def typed(*pairs: tuple[str, str]) -> Questionnaire:
    """Return the questionnaire as it came in with these fields."""
    return Questionnaire(ITEMS, MultiDict(pairs))


@pytest.mark.parametrize("answer", ["1", "4", "7"])
def test_answers_of_the_range_are_taken(answer: str) -> None:
    """A whole number from 1 to 7 is an answer."""
    form = typed(("play", answer))
    assert form.answers() == {"play": int(answer)}
    assert not form.problems()


@pytest.mark.parametrize("answer", ["0", "8", "-1", "3.5", "7 ", " 7", "+7", "07", "٧", "seven", "\x00", "1e0", "😀"])
def test_anything_else_is_told_what_to_do(answer: str) -> None:
    """What is no whole number of the range is refused with the range, and every other answer stays."""
    form = typed(("purpose", "5"), ("play", answer))
    assert form.problems()["play"].to("en") == "Choose a whole number from 1 to 7, or leave it empty."
    assert form.answers() == {"purpose": 5}


def test_nothing_is_required() -> None:
    """Missing and empty answers are skipped questions, and no problem."""
    form = typed(("play", ""))
    assert form.answers() == {}
    assert form.skipped() == ["play"]
    assert not form.problems()


def test_a_repeated_field_is_asked_again() -> None:
    """Two answers to one question are not chosen from in silence."""
    form = typed(("play", "3"), ("play", "5"))
    assert "Choose one" in str(form.problems()["play"])
    assert form.answers() == {}


def test_fields_that_nobody_asked_for_are_named() -> None:
    """An unknown item is a stranger, as is a practice that this wave does not ask; the pages' own fields are not."""
    form = typed(("happiness", "7"), ("one_loop", "3"), ("code", "x"), ("go", "send"), ("play", "2"))
    assert form.strangers == ["happiness", "one_loop"]
    assert form.answers() == {"play": 2}


def test_an_item_cannot_take_a_name_of_the_pages() -> None:
    """An instrument whose item is called like a field of the pages is refused when the form is built."""
    with pytest.raises(ValueError, match="comment"):
        Questionnaire([Item("comment", "play")], MultiDict())


@pytest.mark.parametrize("text", ["좋아요 😀👩‍👩‍👧", HEART, "a\tb\nc", "שלום", "مرحبا"])
def test_comments_keep_what_people_write(text: str) -> None:
    """Emoji, line breaks and scripts that run from right to left are kept as they are."""
    form = typed((COMMENT, text))
    assert form.comment() == text
    assert not form.problems()


@pytest.mark.parametrize("mark", ["\x00", "\x1b", "\u202e", "\u2066", "\u200f", "\ue000"])
def test_invisible_characters_are_taken_out_and_told(mark: str) -> None:
    """NUL, marks that turn the direction and the like go; the rest of the text stays for another look."""
    form = typed((COMMENT, f"be{mark}fore"))
    assert form[COMMENT].data == "before"
    assert "invisible" in str(form.problems()[COMMENT])


def test_a_comment_that_is_too_long_comes_back_whole() -> None:
    """A text of a million characters is refused with its length, and not cut."""
    form = typed((COMMENT, "가" * 1_000_000))
    assert "1,000,000" in str(form.problems()[COMMENT])
    assert len(form[COMMENT].data) == 1_000_000
    assert not typed((COMMENT, "가" * LONGEST)).problems()


def test_line_ends_of_browsers_are_one_character() -> None:
    """Browsers send CR LF; it is kept as one line end."""
    form = typed((COMMENT, "a\r\nb"))
    assert form.comment() == "a\nb"
    assert not form.problems()


def test_motives_are_asked_one_at_a_time() -> None:
    """Six steps for the six motives, a few other questions a step, the open question last, and nothing twice."""
    laid = steps(INSTRUMENT, ITEMS)
    assert [len(step.items) for step in laid[:6]] == [1] * 6
    assert all(1 <= len(step.items) <= 4 for step in laid[6:-1])
    assert laid[-1].items == ()
    assert tuple(item for step in laid for item in step.items) == ITEMS
    assert [step.first for step in laid[:7]] == list(range(1, 8))


@pytest.mark.parametrize(("count", "parts"), [(1, [1]), (4, [4]), (5, [2, 3]), (9, [3, 3, 3])])
def test_questions_are_spread_evenly(count: int, parts: list[int]) -> None:
    """No step is left with one question where the others have four."""
    items = [Item(str(number), "play") for number in range(count)]
    assert [len(part) for part in evenly(items, 4)] == parts


WORDS = [
    (1, "not at all", "전혀 그렇지 않다"),
    (2, "close to “not at all”", "‘전혀 그렇지 않다’에 가까움"),
    (3, "a little less than “halfway”", "‘반쯤 그렇다’보다 조금 덜"),
    (4, "halfway", "반쯤 그렇다"),
    (5, "a little more than “halfway”", "‘반쯤 그렇다’보다 조금 더"),
    (6, "close to “completely”", "‘전적으로 그렇다’에 가까움"),
    (7, "completely", "전적으로 그렇다"),
]
LABELS = AnswerScale(
    "agreement",
    {
        "1": {"en": "not at all", "ko": "전혀 그렇지 않다"},
        "4": {"en": "halfway", "ko": "반쯤 그렇다"},
        "7": {"en": "completely", "ko": "전적으로 그렇다"},
    },
)


@pytest.mark.parametrize(("answer", "english", "korean"), WORDS)
def test_every_answer_can_be_said_in_words(answer: int, english: str, korean: str) -> None:
    """A number without a label of its own is said by the labels around it."""
    item = INSTRUMENT.item("play")
    assert [in_words(item, LABELS, answer, language) for language in ("en", "ko")] == [english, korean]


def test_a_number_right_between_two_labels_says_so() -> None:
    """On a scale labelled at its ends only, the middle is between them."""
    ends = AnswerScale("ends", {"1": {"en": "no", "ko": "아니다"}, "5": {"en": "yes", "ko": "그렇다"}})
    said = [in_words(Item("a", "b", min=1, max=5), ends, 3, language) for language in LANGUAGES]
    assert said == ["‘아니다’와 ‘그렇다’ 사이", "between “no” and “yes”"]


def test_what_fills_a_sheet_is_escaped() -> None:
    """Text that people write is never markup, and a place nobody fills stays empty."""
    sheet = Sheet(f"<p>{place('text')}</p>{place('none')}")
    assert sheet.fill({"text": "<script>"}) == "<p>&lt;script&gt;</p>"


def test_wrong_codes_brake_all_together() -> None:
    """Slips pass at once, many wrong codes wait, very many are told nothing; a minute later all is forgotten."""
    time, waited = [0.0], list[float]()
    brake = Brake(clock=lambda: time[0], sleep=waited.append)
    assert not any(brake.wrong() for _ in range(FREE))
    assert waited == []
    told = [brake.wrong() for _ in range(10_000)]
    assert told.index(True) == MANY - FREE - 1
    assert all(told[MANY:])
    assert len(waited) == 10_000
    time[0] = 61.0
    assert not brake.wrong()


def test_hangul_sent_in_parts_counts_as_people_count_it() -> None:
    """Some systems send a syllable as two or three letters: it is composed before it is measured, and kept so."""
    form = typed((COMMENT, normalize("NFD", "갈" * LONGEST)))
    assert not form.problems()
    assert form.comment() == "갈" * LONGEST

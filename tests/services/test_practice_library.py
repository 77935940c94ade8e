"""Practices of the company's own: written, brought in as a file, worded anew, retired."""

import re
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused
from survey.instruments.practices import Practice
from survey.services.practices import library, register
from survey.services.practices.library import LONGEST
from survey.services.practices.register import Adoption
from tests import cast

OURS = Practice(
    id="ten_minutes",
    name={"ko": "금요일 10분", "en": "Ten minutes on Friday"},
    what={"ko": "한 주를 함께 되짚습니다.", "en": "We look back on the week."},
    why={"ko": "한 팀이 시작했습니다.", "en": "A team began it."},
    source={"ko": "사내 이야기", "en": "Told in the company"},
    first_step={"ko": "이번 금요일에 해 봅니다.", "en": "Try it this Friday."},
    next_wave={"ko": "다음 조사에서 묻습니다.", "en": "The next wave asks."},
    motives=("emotional_pressure",),
    facets=("problem_solving",),
    asks={"ko": "한 주를 함께 되짚었다.", "en": "We looked back on the week together."},
)
UNSEEN = ("Cs", "Cc", "Cf", "Zl", "Zp", "Zs", "Co", "Cn")
"""Kinds of characters that nobody sees, which are refused."""


def changed(**facts: object) -> Practice:
    """Return it with something changed."""
    return msgspec.structs.replace(OURS, **facts)


def test_own_practices_stand_behind_those_of_the_product(session: Session) -> None:
    """Kept, they can be named and chosen; worded anew, they are what was written last."""
    library.add(session, [OURS], cast.TODAY)
    library.add(session, [changed(name={"ko": "되짚기", "en": "Looking back"})], cast.TODAY)
    assert [one.id for one in library.offered(session)][-2:] == ["reach_review", OURS.id]
    assert library.every(session)[-1].name["en"] == "Looking back"


def test_what_a_unit_has_is_retired_and_what_nobody_had_is_gone(session: Session) -> None:
    """A practice in the register cannot vanish: it keeps its name and is offered no more, until it is written again."""
    cast.load(session)
    library.add(session, [OURS, changed(id="unused")], cast.TODAY)
    register.adopt(session, Adoption("NORTH", OURS.id, cast.TODAY, ""))
    register.end(session, "NORTH", OURS.id, cast.TODAY)
    assert library.retire(session, OURS.id, cast.TODAY)
    assert not library.retire(session, "unused", cast.TODAY)
    assert [(each.practice.id, each.retired_on, each.in_use) for each in library.own(session)] == [
        (OURS.id, cast.TODAY, True)
    ]
    assert OURS not in library.offered(session)
    assert OURS in library.every(session)
    library.add(session, [OURS], cast.TODAY)
    assert OURS in library.offered(session)
    with pytest.raises(Refused, match="There is no practice unused"):
        library.retire(session, "unused", cast.TODAY)


def test_a_file_is_read_as_ours_is() -> None:
    """What is handed out can be brought in again; a file without a wording is told by place and cure."""
    text = library.written(OURS) + library.written(changed(id="another", asks={}))
    assert library.read_file(text.encode()) == (OURS, changed(id="another", asks={}))
    with pytest.raises(Refused, match=re.escape("practices[0].what.en")):
        library.read_file(text.replace('what.en = "We look', 'what.de = "We look', 1).encode())
    with pytest.raises(Refused, match=re.escape("practices[0].asks.ko")):
        library.read_file(text.replace('asks.ko = "한 주를', 'asks.de = "한 주를', 1).encode())
    with pytest.raises(Refused, match="larger than 200 kB"):
        library.read_file(b"#" * 200_001)


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Zs", "Co", "Cn"]), min_size=1, max_size=20)
)
def test_whatever_is_written_comes_back(text: str) -> None:
    """Quotes, backslashes and signs of other scripts go into the file and out of it."""
    odd = changed(source={"ko": text, "en": text})
    assert library.read_file(library.written(odd).encode()) == (odd,)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: changed(id="stand_ups"), "this name is taken"),
        (lambda: changed(id="play"), "this name is taken"),
        (lambda: changed(id="own_thing"), "this name is taken"),
        (lambda: changed(id="Ten"), "small Latin letters"),
        (lambda: changed(id=""), "small Latin letters"),
        (lambda: changed(motives=("fun",)), "no motive or facet fun"),
        (lambda: changed(facets=("play",)), "no motive or facet play"),
        (lambda: changed(what={"ko": "가" * (LONGEST["what"]["ko"] + 1), "en": "x"}), "shorten what.ko to 60"),
        (lambda: changed(why={"ko": "가", "en": "a\u202eb"}), "why.en holds what cannot be printed"),
        (lambda: changed(asks={"ko": "짧", "en": "We looked back."}), "Korean: write a whole sentence"),
    ],
)
def test_what_could_not_be_printed_or_asked_is_refused(wrong: Callable[[], Practice], sentence: str) -> None:
    """Ids, motives and lengths are such that reports and questionnaires can hold the practice."""
    with pytest.raises(Refused, match=sentence):
        library.require([wrong()])


def test_the_longest_texts_pass() -> None:
    """A text of exactly the length that a page has room for is kept."""
    full = {field: {lang: "x" * cap for lang, cap in caps.items()} for field, caps in LONGEST.items()}
    library.require([changed(**full)])


@pytest.mark.parametrize("name", sorted(library.ADDRESSES))
def test_no_practice_takes_the_address_of_a_page(session: Session, name: str) -> None:
    """Nobody could open it to mend it: another page stands there."""
    with pytest.raises(Refused, match="this name is taken"):
        library.add(session, [changed(id=name)], cast.TODAY)


def test_a_motive_is_named_once(session: Session) -> None:
    """Typed or brought in as a file, a motive that stands twice is refused; what an older version let in is read."""
    with pytest.raises(Refused, match="emotional_pressure is named twice"):
        library.add(session, [changed(motives=("emotional_pressure", "emotional_pressure"))], cast.TODAY)
    twice = library.written(changed(facets=("problem_solving", "problem_solving")))
    with pytest.raises(
        Refused, match=r"practices\.toml, practices\[0\]\.facets, line 18: problem_solving is named twice"
    ):
        library.read_file(twice.encode())
    session.add(models.CompanyPractice(id=OURS.id, text=twice, added_on=cast.TODAY))
    session.flush()
    assert library.own(session)[0].practice.facets == ("problem_solving", "problem_solving")

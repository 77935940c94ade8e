"""What a company may not bring in: each is refused with its place and what to do, before anything is kept."""

import re

import pytest

from survey.forms.questionnaire import OURS
from survey.i18n import LANGUAGES, catalogue
from survey.instruments.errors import InstrumentError
from survey.instruments.load import builtin, source
from survey.instruments.uploads import LARGEST, RESERVED, brought_in, unusable
from tests.variant import variant

FILE = source("total-motivation")


def refused(text: str | bytes) -> tuple[str, str]:
    """Place and cure that somebody is told who brings this in."""
    with pytest.raises(InstrumentError) as caught:
        brought_in(text if isinstance(text, bytes) else text.encode(), "ours.toml")
    assert caught.value.file == "ours.toml"
    for language in LANGUAGES:
        assert caught.value.cure.to(language)
    assert caught.value.cure.text in catalogue("ko")
    return caught.value.path, str(caught.value.cure)


def test_ours_and_a_variant_of_it_can_be_brought_in() -> None:
    """Nothing that ships with a wording is refused, nor one with a scale, an item and a practice more."""
    assert list(unusable(builtin())) == []
    assert brought_in(variant().encode(), "ours.toml").item("lamp_watch").scale == "lamp_watch"


@pytest.mark.parametrize(("old", "new", "path", "cure"), [
    ('id = "creativity_1"', 'id = "go"', "items[7].id", "Choose another id"),
    ('id = "creativity_1"', 'id = "own_1"', "items[7].id", "Choose another id"),
    ('en = "Play"', 'en = "Pl\\u0007ay"', "scales[0].name.en", "nobody can see"),
    ('en = "Play"', 'en = "Pl\\u202Eay"', "scales[0].name.en", "nobody can see"),
    ('en = "Play"', 'en = "Pl\\uE000ay"', "scales[0].name.en", "nobody can see"),
    ('en = "Play"', 'en = "Play\\nhard"', "scales[0].name.en", "nobody can see"),
    ('en = "Play"', 'en = "Pl\\u2028ay"', "scales[0].name.en", "nobody can see"),
    ('en = "Play"', 'en = "Play\\u2029"', "scales[0].name.en", "nobody can see"),
    ('en = "Play"', f'en = "{"Play" * 20}"', "scales[0].name.en", "60 characters"),
    ('licence = "Apache-2.0"', 'licence = "A\\u2028\\u200F"', "licence", "nobody can see"),
    ('en = "not at all"', f'en = "{"not " * 20}"', "answer_scales[0].labels.1.en", "40 characters"),
    ('department = { ko = "부서", en = "department" }\n', "", "units.department", "department"),
])  # fmt: skip
def test_a_slip_is_told_with_its_place(old: str, new: str, path: str, cure: str) -> None:
    """Names that steer pages, what nobody can see, what is too long, a word that is missing."""
    assert old in FILE
    found = refused(FILE.replace(old, new, 1))
    assert found[0] == path
    assert cure in found[1]


@pytest.mark.parametrize(("text", "path", "cure"), [
    (source("w-sdi"), "items[0].text", "cannot be asked"),
    (FILE.replace('block = "motives"', 'block = "motives"\nmax = 5', 6), "answer_scales[0]", "same min and max|label"),
    (FILE.replace('parent = "adaptive"', 'parent = "tactical"', 1), "", "facets"),
    (FILE.replace('kind = "behaviour"', 'kind = "outcome"'), "scales", "Name the behaviour scale"),
    (FILE.replace('scale = "tactical"', 'scale = "creativity"', 4), "scales[12].id", "two items or more"),
    (FILE.replace("tactical", "tactics"), "scales", "Add the behaviour scale"),
    (FILE.replace('"inertia"', '"habit"').replace("inertia =", "habit ="), "scales", 'Add the motive "inertia"'),
    (FILE.replace('"frequency"', '"agreement"', 1), "answer_scales", "choose another id"),
])  # fmt: skip
def test_what_could_not_be_published_is_refused(text: str, path: str, cure: str) -> None:
    """Definitions without wording, other ranges of answers, scales that reports have no place for."""
    found = refused(text)
    assert found[0].startswith(path)
    assert re.search(cure, found[1])


@pytest.mark.parametrize(("data", "cure"), [
    (b"#" * (LARGEST + 1), "Shorten"),
    (b"a=" + b"[" * 60_000, "too deep"),
    (b"a=" + b"9" * 60_000, "too deep|too long"),
    (b"a" + b".a" * 30_000 + b"=1", "names within names"),
    (b"x=[" + b"{a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r=1}," * 900 + b"]", "names within names"),
    (b"\xff\xfe", "UTF-8"),
    (b"\0" * 100, "not TOML"),
])  # fmt: skip
def test_a_bomb_goes_off_nowhere(data: bytes, cure: str) -> None:
    """What would take minutes, or break the reader, is told as what it is."""
    assert re.search(cure, refused(data)[1])


def test_hundreds_of_items_are_too_many() -> None:
    """A questionnaire has a hundred questions at most."""
    more = "".join(f'[[items]]\nid = "tactical_{n}"\nscale = "tactical"\n' for n in range(6, 300))
    assert refused(FILE + more)[0] == "items[29].text.ko"
    asked = more.replace('scale = "tactical"\n', 'scale = "tactical"\nblock = "practices"\nanswers = "frequency"\n'
                         'text = { ko = "가", en = "a" }\n')  # fmt: skip
    assert "at most" in refused(FILE + asked)[1]


def test_names_that_steer_pages_are_all_reserved() -> None:
    """No item may be called as a field of the pages that ask it."""
    assert OURS <= RESERVED

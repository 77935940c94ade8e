import re
from functools import cache
from io import BytesIO

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from survey.i18n import CATALOGUES
from tests.house.source import ROOT, python_files

KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "Sentence": None,
    "Refused": None,
    "AnswersRefused": None,
    "SettingsError": None,
    "MissingError": None,
}
PLACES = re.compile(r"%\((\w+)\)")
POLITE_ENDING = re.compile(r"귀하|당신")


@cache
def said() -> dict[str, str]:
    """Return every sentence that code and templates say, with one place where it is said."""
    sentences: dict[str, str] = {}
    for method, paths in (
        ("python", list(python_files("survey", "reports"))),
        ("jinja2.ext:babel_extract", sorted((ROOT / "templates").rglob("*.*"))),
    ):
        for path in paths:
            source = BytesIO(path.read_bytes())
            options = {"silent": "false", "newstyle_gettext": "true", "trimmed": "true"}
            for line, message, _comments, _context in extract(method, source, KEYWORDS, (), options):
                first = message if isinstance(message, str) else message[0]
                sentences.setdefault(first, f"{path.relative_to(ROOT)}:{line}")
    return sentences


@cache
def translated() -> dict[str, tuple[str, str]]:
    """Return every Korean sentence by its English key, with the catalogue it stands in."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted((CATALOGUES / "ko").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="ko"):
                if message.id:
                    found[_first(message)] = (_korean(message), path.name)
    return found


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else (message.id or [""])[0]


def _korean(message: Message) -> str:
    return message.string if isinstance(message.string, str) else (message.string or [""])[0]


def test_every_sentence_exists_in_korean() -> None:
    """What code or a template says in English stands in a Korean catalogue."""
    missing = {text: where for text, where in said().items() if text and text not in translated()}
    assert missing == {}


def test_no_translation_is_left_behind() -> None:
    """A sentence that nothing says any more leaves the catalogue."""
    assert sorted(text for text in translated() if text not in said()) == []


def test_no_sentence_is_translated_twice() -> None:
    """A key stands in one catalogue only, so that there is one place to mend it."""
    seen: dict[str, str] = {}
    twice = []
    for path in sorted((CATALOGUES / "ko").glob("*.po")):
        with path.open("rb") as file:
            twice += [
                (_first(message), seen[_first(message)], path.name)
                for message in read_po(file, locale="ko")
                if message.id and seen.setdefault(_first(message), path.name) != path.name
            ]
    assert twice == []


@pytest.mark.parametrize("text", sorted(translated()))
def test_a_translation_keeps_its_facts_and_its_register(text: str) -> None:
    """Korean has the same %(places)s as English, is not empty, and never says 귀하 or 당신."""
    korean, _catalogue = translated()[text]
    assert korean
    assert set(PLACES.findall(korean)) == set(PLACES.findall(text))
    assert not POLITE_ENDING.search(korean)

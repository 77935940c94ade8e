"""Extra items: questions of the company's own, asked after the practices and published as practices are.

Each is an item of its own at the end of the wave's instrument, so that whatever is said of an instrument holds for it:
its place in the answers, its digest in the promise, its gate, its way into the record. It is in no scale of the index.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

import msgspec
from msgspec.structs import replace

from survey.i18n import LANGUAGES, Refused, Sentence
from survey.instruments.comments import composed, visible
from survey.instruments.model import Instrument
from survey.instruments.parts import AnswerScale, Block, Item, Scale, Text

PREFIX: Final = "own_"
"""How ids of extra items begin, and those of nothing else."""
BLOCK: Final = f"{PREFIX}items"
FREQUENCY: Final = f"{PREFIX}frequency"
MOST: Final = 5
"""Extra items of one wave."""
SHORTEST: Final = 5
LONGEST: Final = {"ko": 60, "en": 120}
"""Characters."""
ASKS_WHO: Final = {
    "ko": re.compile(
        r"이름|성명|이메일|메일 주소|전화번호|연락처|사번|사원 ?번호|나이|연령|생년|성별|직급|직책|근속|소속|"
        r"어느 (?:팀|부서|매장)"
    ),
    "en": re.compile(
        r"\b(?:my name|your name|e-?mail address|phone number|employee (?:number|id)|how old|my age|your age|age group|"
        r"date of birth|gender|job title|seniority|which (?:team|store|department))\b",
        re.IGNORECASE,
    ),
}
"""Words by which a question probably asks who somebody is."""


class Extra(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One extra item, in both languages."""

    ko: str
    en: str

    @property
    def text(self) -> Text:
        """The wording by language."""
        return {"ko": self.ko, "en": self.en}

    @property
    def id(self) -> str:
        """Its name: the same wherever, and only where, it is worded so.

        >>> Extra("회의가 제때 끝났다.", "Meetings ended on time.").id
        'own_735c80c6f6'
        """
        return PREFIX + hashlib.sha256(f"{self.ko}\0{self.en}".encode()).hexdigest()[:10]


def is_extra(item_id: str) -> bool:
    """Tell whether an item, or its scale, is the company's own."""
    return item_id.startswith(PREFIX)


def typed(pairs: Sequence[tuple[str, str]]) -> tuple[Extra, ...]:
    """Return the extra items of what was typed, Korean and English; pairs left empty are none."""
    tidy = [[" ".join(composed(text).split()) for text in pair] for pair in pairs]
    return tuple(Extra(ko, en) for ko, en in tidy if ko or en)


def require_possible(extras: Sequence[Extra], instrument: Instrument) -> None:
    """Let extra items be asked after an instrument's own.

    Raises:
        Refused: there are too many, one lacks a language, is too short or too long, or asks what is asked already.
    """
    if len(extras) > MOST:
        raise Refused("A wave asks %(most)s extra items at most; here are %(count)s.", most=MOST, count=len(extras))
    seen = {_plain(words) for item in instrument.items for words in item.text.values()}
    for number, extra in enumerate(extras, 1):
        for language in LANGUAGES:
            fault = _fault(extra.text[language], language) or _twice(extra.text[language], seen)
            if fault is not None:
                facts: dict[str, object] = {"number": number, "language": NAMES[language], "fault": fault}
                raise Refused(Sentence("Extra item %(number)s, %(language)s: %(fault)s", facts))
        seen |= {_plain(words) for words in extra.text.values()}


NAMES: Final = {"ko": Sentence("Korean"), "en": Sentence("English")}


def _fault(words: str, language: str) -> Sentence | None:
    if not words:
        return Sentence("write it in this language too: everybody is asked in the language of their letter.")
    if words != visible(words):
        return Sentence("remove what nobody can see, such as marks that turn the direction of writing.")
    if "{" in words or "}" in words:
        return Sentence("write the word for a unit as it is, without braces.")
    if len(words) < SHORTEST:
        return Sentence("write a whole sentence.")
    if len(words) > LONGEST[language]:
        facts: dict[str, object] = {"most": LONGEST[language], "found": len(words)}
        return Sentence("shorten it to %(most)s characters; it has %(found)s.", facts)
    return None


def _twice(words: str, seen: set[str]) -> Sentence | None:
    return Sentence("this is asked already; word it otherwise, or leave it out.") if _plain(words) in seen else None


def _plain(words: str) -> str:
    return "".join(mark for mark in unicodedata.normalize("NFKC", words).casefold() if mark.isalnum())


def warnings(extras: Sequence[Extra]) -> Iterator[Sentence]:
    """Yield what to think over: wordings that seem to ask who somebody is."""
    for extra in extras:
        for language in LANGUAGES:
            found = ASKS_WHO[language].search(extra.text[language])
            if found:
                yield Sentence(
                    "“%(text)s” seems to ask who somebody is (%(word)s). Answers are kept without people, and whoever "
                    "reads this question may doubt it. Ask what happens at work instead.",
                    {"text": extra.text[language], "word": found[0]},
                )
                break


def with_extra(instrument: Instrument, extras: tuple[Extra, ...]) -> Instrument:
    """Return an instrument, its {unit} filled in, with a wave's extra items at its end.

    Each is a scale and an item of the kind "practice": a base and a gate of its own, outside of the index.
    """
    return _extended(instrument, extras) if extras else instrument


@lru_cache(maxsize=64)
def _extended(instrument: Instrument, extras: tuple[Extra, ...]) -> Instrument:
    def said(text: Text) -> Text:
        # A language that the company has no wording in is asked in English.
        return {language: text.get(language, text["en"]) for language in instrument.languages}

    labels = {number: said(label) for number, label in LABELS.items()}
    items = [Item(each.id, each.id, said(each.text), answers=FREQUENCY, block=BLOCK) for each in extras]
    return replace(
        instrument,
        answer_scales=(*instrument.answer_scales, AnswerScale(FREQUENCY, labels)),
        blocks=(*instrument.blocks, Block(BLOCK, said(TITLE), said(INTRO))),
        scales=(*instrument.scales, *(Scale(item.id, item.text, "practice") for item in items)),
        items=(*instrument.items, *items),
    )


LABELS: Final[dict[str, Text]] = {
    "1": {"ko": "전혀 그러지 않았다", "en": "never"},
    "4": {"ko": "절반쯤 그랬다", "en": "about half the time"},
    "7": {"ko": "항상 그랬다", "en": "always"},
}
TITLE: Final[Text] = {"ko": "회사가 더 묻는 문항", "en": "What our company asks besides"}
INTRO: Final[Text] = {
    "ko": "회사가 이번 조사에 더한 문항이에요. 지난 4주 동안 얼마나 자주 그랬나요?",
    "en": "Our company has added these for this survey. In the last four weeks, how often was it so?",
}

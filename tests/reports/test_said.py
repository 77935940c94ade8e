import re
from collections import defaultdict

import pytest

from survey.i18n import LANGUAGES, catalogue
from tests.reports import said
from tests.reports.saying import Case

CAUSE = re.compile(
    r"\bcaus|\bbecause\b|\bpredict|\bwill\b|\bleads? to\b|\bdue to\b|\bthanks to\b|\bresults? (in|from)\b"
    r"|때문에|원인|예측|덕분|초래|영향을|좌우"
)
UP = re.compile(r"\b[Hh]igher\b|높습니다")
DOWN = re.compile(r"\b[Ll]ower\b|낮습니다")
NONE = re.compile(r"No detectable|cannot be told apart|말하기 어렵습니다|구별되지 않습니다")
PARTICLE = re.compile(r"\)s(은|는|이|가|을|를|과|와|으로|로|이라|라|이다|이며|며|이고|고)(?=[\s.,)]|$)")
"""A particle right after a fact, whose form would depend on the fact's last sound."""
POLITE = re.compile(r"(해요|어요|아요|예요|이에요|거든요|네요)([.!?]|$)|귀하|당신")


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """Every case of every slot."""
    return list(said.cases())


def test_every_case_says_something_once(cases: list[Case]) -> None:
    """In each combination every slot has its sentences, none of them twice, in both languages and without gaps."""
    assert len(cases) > 150
    for case in cases:
        assert case.said, case
        for language in LANGUAGES:
            texts = [sentence.to(language) for sentence in case.said]
            assert len(set(texts)) == len(texts), case
            assert all(text.strip() and "%(" not in text and "%%" not in text for text in texts), case


def test_a_case_has_one_text(cases: list[Case]) -> None:
    """The same evidence never says two things in one slot."""
    texts: dict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
    for case in cases:
        texts[case.slot, case.when].add(tuple(sentence.to("en") for sentence in case.said))
    assert {key: found for key, found in texts.items() if len(found) > 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_agree_with_the_verdict(cases: list[Case], language: str) -> None:
    """Higher and lower are said where the frozen verdict says so and nowhere else; so is no difference."""
    expected = {
        "higher": (True, False, False),
        "lower": (False, True, False),
        "no detectable difference": (False, False, True),
    }
    judged = [case for case in cases if case.verdict]
    assert {case.verdict for case in judged} == set(expected)
    for case in judged:
        text = " ".join(sentence.to(language) for sentence in case.said)
        assert tuple(bool(word.search(text)) for word in (UP, DOWN, NONE)) == expected[case.verdict], case


def test_sentences_of_one_evidence_do_not_contradict_each_other(cases: list[Case]) -> None:
    """All slots that hang on one verdict and interval say the same thing; so do the sentences about the link."""
    verdicts: dict[str, set[str]] = defaultdict(set)
    for case in cases:
        if case.verdict:
            verdicts[case.when].add(case.verdict)
    assert all(len(found) == 1 for found in verdicts.values())
    for case in cases:
        if case.slot == "Page 3: motivation and behaviour" and len(case.said) > 1:
            text = " ".join(sentence.to("en") for sentence in case.said)
            plainly = "tends to be tactical only" in text
            assert not (
                plainly and ("is not shown in this company" in text or "more closely with carrying out" in text)
            )
            assert not (plainly and "cannot be said" in text)
            assert plainly != ("lean on the plan alone is not shown" in text)


def test_a_label_and_its_reason_belong_together(cases: list[Case]) -> None:
    """A probability stands beside a label only, a reason why there is none beside "cannot tell yet" only."""
    labels = [case for case in cases if case.slot == "Page 3: the label"]
    assert len(labels) > 14
    for case in labels:
        title, why = (sentence.to("en") for sentence in case.said)
        assert title.startswith("We cannot tell") != why.startswith("Probability"), case


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_names_a_cause(cases: list[Case], language: str) -> None:
    """What goes together goes together, and that is all; nothing is foretold."""
    texts = {sentence.to(language) for case in cases for sentence in case.said}
    assert [text for text in sorted(texts) if CAUSE.search(text)] == []


def test_korean_sentences_fit_every_name(cases: list[Case]) -> None:
    """No particle hangs on a name or a number: 영업팀, 회계과, Care, Team 3 and (주)한빛 read alike well."""
    sentences = {sentence.text for case in cases for sentence in case.said}
    found = {text: catalogue("ko").gettext(text) for text in sorted(sentences)}
    assert [korean for korean in found.values() if PARTICLE.search(korean)] == []
    assert PARTICLE.search("%(unit)s가 높습니다")
    assert PARTICLE.search("%(unit)s을 봅니다")
    assert not PARTICLE.search("%(points)s점 이상")


def test_reports_speak_in_one_register(cases: list[Case]) -> None:
    """What is printed in Korean is said in 합니다체."""
    texts = {sentence.to("ko") for case in cases for sentence in case.said}
    assert [text for text in sorted(texts) if POLITE.search(text)] == []


def test_the_page_of_sentences_is_current() -> None:
    """docs/sentences.md is what `python -m tests.reports.said` writes."""
    assert said.PAGE.read_text("utf-8") == said.page()

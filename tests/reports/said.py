"""Every sentence that a report chooses by evidence, with the condition it is chosen in: the whole library.

    python -m tests.reports.said    writes docs/sentences.md

A slot is a place in the report that says one thing; a case is one combination of what it is chosen by.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Final, Literal

from msgspec.structs import replace

from reports import change_sentences, leaning, sentences, tries, withheld
from survey.i18n import LANGUAGES, Sentence
from survey.privacy import link_evidence
from survey.privacy.evidence import Axes, Evidence, LinkDetails
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.notices import WITHDRAWN_BEFORE
from survey.privacy.record import (
    Change,
    Contribution,
    Detail,
    Link,
    Quadrant,
)
from survey.privacy.released import Reason, Released, Suppressed
from survey.privacy.thaw import Publication, PublishedUnit
from tests.reports import company
from tests.reports.said_people import absent_cases, camps_cases, stayed_cases, together_cases
from tests.reports.saying import Case, company_figures, details, in_both

PAGE: Final = Path(__file__).parents[2] / "docs" / "sentences.md"
Verdict = Literal["higher", "lower", "no detectable difference"]
VERDICTS: Final[tuple[Verdict, ...]] = ("higher", "lower", "no detectable difference")
ABOVE, BELOW, ACROSS = (company.figure(value, 4.0, signed=True) for value in (8.0, -8.0, 1.0))
WHERE: Final = {"lies above 0": ABOVE, "lies below 0": BELOW, "reaches over 0": ACROSS}
LEVELS: Final = {
    name.lower().replace("_", " "): each
    for name, each in vars(link_evidence).items()
    if isinstance(each, Sentence) and "motivation" in each.text
}
"""What the evidence says of people and units, by its name in `survey.privacy.link_evidence`."""
NONE: Final = NotEstimable("Fewer than ten units answered, too few to say what goes together in this company.")


def cases() -> Iterator[Case]:
    """Yield every case of every slot."""
    for slot in (
        _standing, absent_cases, _gap, _change, stayed_cases, _weakest, _twin, camps_cases, _label, _balance, _link,
        _hidden, together_cases, _withheld, _tries,
    ):  # fmt: skip
        yield from slot()


def possible(verdict: Verdict, figure: Figure) -> bool:
    """Return whether a verdict and an interval can meet: a word is said only where the interval lies on its side."""
    assert figure.low is not None
    assert figure.high is not None
    return verdict == "no detectable difference" or (figure.low > 0 if verdict == "higher" else figure.high < 0)


def _standing() -> Iterator[Case]:
    for where, figure in WHERE.items():
        yield Case(
            "Page 1: which side weighs more", f"the interval of the index {where}", (sentences.standing(figure),)
        )


def _gap() -> Iterator[Case]:
    unit = company.publication().unit("SEOUL")
    figures = company_figures("SEOUL")
    contribution = figures.contribution
    assert isinstance(contribution, Contribution)
    for verdict, (where, figure) in product(VERDICTS, WHERE.items()):
        if possible(verdict, figure):
            told = replace(contribution, verdict=verdict, gap=figure)
            when = f"verdict “{verdict}”, the interval of the gap {where}"
            first = sentences.first(unit, replace(figures, contribution=told))
            yield Case("Page 1: first words", when, first[:1], verdict)
            yield Case("Page 1: the gap to the rest", when, (sentences.against_the_rest(told),), verdict)
    root = company_figures("ALL").contribution
    assert isinstance(root, NotEstimable)
    yield Case("Page 1: the gap to the rest", "the whole company", (sentences.against_the_rest(root),))


def _change() -> Iterator[Case]:
    slot, of = "Page 1: since the last wave", company.publication()
    yield Case(slot, "the first wave", since(details(), company.publication(first_wave=True)))
    for reason in ("small", "complementary"):
        yield Case(slot, f"details not shown: {reason}", since(Suppressed(reason), of))
    for why in ("", company.MOVED, WITHDRAWN_BEFORE.text):
        said = since(details(change=None, change_hidden=why), of)
        yield Case(slot, f"no change: {why or 'the unit showed no details then'}", said)
    for verdict, (where, figure) in product(VERDICTS, WHERE.items()):
        if possible(verdict, figure):
            change = replace(company.CHANGE, verdict=verdict, difference=figure)
            when = f"verdict “{verdict}”, the interval of the change {where}"
            yield Case(slot, when, since(details(change=change), of), verdict)
            yield Case("Page 1: what could go unseen", when, (change_sentences.unseen(change),))
            yield from _expected(change, verdict)


def since(detail: Released[Detail] | Suppressed, of: Publication) -> tuple[Sentence, ...]:
    """Return what is said of a change."""
    return (sentences.since_last_wave(detail, of)[1],)


def _expected(change: Change, verdict: str) -> Iterator[Case]:
    for share in (0.1, 0.6, 1.2):
        value = change.difference.value * share
        said = change_sentences.expected(replace(change, expected=company.figure(value, signed=True)))
        when = f"{share:.0%} of a change of {change.difference.text} (“{verdict}”) was to be expected"
        if said is not None:
            yield Case("Page 1: what was to be expected", when, (said,))


def _weakest() -> Iterator[Case]:
    for motive in ("", *(motive.id for motive in company.INSTRUMENT.motives)):
        figures = replace(company_figures("SEOUL"), weakest=motive)
        # The name of the motive is the only fact, so each language has its own sentence.
        said = in_both(
            {language: sentences.weakest(figures, company.publication(), language) for language in LANGUAGES}
        )
        yield Case("Page 2: title", motive or "none stands out", (said,))


def _twin() -> Iterator[Case]:
    figures = company_figures("SEOUL")
    for sign, when in ((1, "the same sign as the index"), (-1, "the other sign")):
        twin = company.figure(sign * abs(figures.twin.value) * (1 if figures.index.value > 0 else -1), 0.5, digits=2)
        yield Case("Page 2: without weights", when, (sentences.twin(replace(figures, twin=twin)),))


def _label() -> Iterator[Case]:
    slot, two = "Page 3: the label", Axes(company.figure(0.31, 0.12, digits=2), two=True)
    for reason in ("small", "complementary"):
        said = leaning.label(Suppressed(reason), company.publication())
        yield Case(slot, f"details not shown: {reason}", said)
    quarters: tuple[Quadrant, ...] = ("tactical only", "both", "adaptive only", "neither")
    for label, share in product(quarters, (0.87, 0.97)):
        said = leaning.label(details(label=label, label_probability=share), company.publication())
        yield Case(slot, f"“{label}” with a probability of {share:.0%}", said)
    one = Axes(company.figure(0.86, 0.08, digits=2), two=False)
    known: dict[str, Axes | NotEstimable] = {
        "the two are not shown to be two": one,
        "too few units": NONE,
        "two axes": two,
    }
    for (when, axes), places in product(known.items(), ({}, {"both": 0.7, "neither": 0.3})):
        of = company.with_change(evidence=Evidence(axes=axes))
        detail = details(label="cannot tell yet", quadrants=places)
        how = "the most probable quarter has 70 %" if places else "places unknown"
        yield Case(slot, f"no label: {when}, {how}", leaning.label(detail, of))
    yield Case(
        slot,
        "no label: a publication without evidence",
        leaning.label(details(label="cannot tell yet"), company.publication()),
    )


def _balance() -> Iterator[Case]:
    figures = company_figures("SEOUL")
    for where, figure in WHERE.items():
        said = sentences.balance(replace(figures, balance=figure), "en")
        yield Case("Page 3: the balance", f"its interval {where}", (said,))
    root = company_figures("ALL")
    yield Case("Page 3: the balance", "the whole company", (sentences.balance(root, "en"),))


def _link() -> Iterator[Case]:
    slot = "Page 3: motivation and behaviour"
    found = company.publication().link.value
    assert isinstance(found, Link)
    yield Case(slot, "cannot be estimated", leaning.link(company.with_change(link=NONE)))
    findings: tuple[Literal["more with adaptive", "no difference shown", "more with tactical"], ...] = (
        "more with adaptive", "no difference shown", "more with tactical",
    )  # fmt: skip
    for finding, two, (name, level) in product(findings, (True, False), LEVELS.items()):
        axes = Axes(company.figure(0.31, 0.12, digits=2), two=two)
        none = NotEstimable("The units differ too little to say what goes together between them.")
        details = LinkDetails({}, {}, {}, 0, {}, none, none, level.text)
        of = company.with_change(link=replace(found, finding=finding), evidence=Evidence(axes=axes, link=details))
        thesis = leaning.thesis(of)
        assert thesis is not None
        when = f"{finding}; {'two axes' if two else 'not shown to be two'}; levels: {name}"
        yield Case(slot, when, (thesis, *leaning.link(of)), listed=False)
        yield from _parts_of_the_link(finding, name, two=two, said=(thesis, *leaning.link(of)))


def _parts_of_the_link(finding: str, level: str, *, two: bool, said: tuple[Sentence, ...]) -> Iterator[Case]:
    """Yield the sentences of the link one by one, each with what it depends on."""
    thesis, correlations, levels, closer = said
    both = "yes" if level in {"both kinds", "adaptive work", "less of the plan"} else "no"
    when = f"{finding}; {'two axes' if two else 'not shown to be two'}"
    yield Case("Page 3: low motivation and the plan alone", f"{when}; adaptive work at both levels: {both}", (thesis,))
    yield Case("Page 3: the correlations", "always", (correlations,))
    yield Case("Page 3: people and units", level, (levels,))
    yield Case("Page 3: more closely with", when, (closer,))


def _hidden() -> Iterator[Case]:
    reasons: tuple[Reason, ...] = ("small", "complementary")
    for reason, strict in product(reasons, (False, True)):
        policy = replace(company.record().policy, strict=strict)
        when = f"{reason}{', strict waves' if strict else ''}"
        yield Case("Kit: why it is hidden", when, (sentences.hidden(reason, policy),))


def _withheld() -> Iterator[Case]:
    of = company.publication()
    hidden = [unit for unit in of.units if unit.hidden is not None]
    lots: list[tuple[str, list[PublishedUnit]]] = [
        ("none", []),
        ("one", hidden[:1]),
        ("two, for other reasons", hidden),
    ]
    for code, (many, children) in product(("SALES", "SEOUL", "CARE"), lots):
        said = withheld.withheld(of.unit(code), children, of)
        if said:
            when = f"{code}; hidden units right below: {many}"
            yield Case("Page 2: what is not told", when, said, listed=code == "SALES" or not children)


def _tries() -> Iterator[Case]:
    for motive, facet, matched, own in product(("play", ""), ("creativity", ""), (True, False), (True, False)):
        when = (
            f"motive {motive or 'none'}, facet {facet or 'none'}, practice {'found' if matched else 'not found'}, "
            f"numbers of {'its own' if own else 'the unit above'}"
        )
        yield Case("Page 4: why these practices", when, (tries.chosen(motive, facet, matched=matched, own=own),))


def _said_when(found: Iterable[Case]) -> dict[tuple[str, str], list[str]]:
    """Return each text with the conditions in which it is said."""
    texts: dict[tuple[str, str], list[str]] = {}
    for case in found:
        english, korean = (" / ".join(one.to(language) for one in case.said) for language in ("en", "ko"))
        texts.setdefault((english, korean), []).append(case.when)
    return {text: list(dict.fromkeys(whens)) for text, whens in texts.items()}


def page() -> str:
    """Return docs/sentences.md."""
    lines = [
        "# Sentences",
        "",
        "What a report says in words, and when: every combination that its evidence can have, in both languages.",
        "Written by `python -m tests.reports.said`; a test keeps it current and walks every case",
        "(tests/reports/test_said.py).",
    ]
    listed = [case for case in cases() if case.listed]
    for slot in dict.fromkeys(case.slot for case in listed):
        lines += ["", f"## {slot}", ""]
        for (english, korean), whens in _said_when(case for case in listed if case.slot == slot).items():
            lines += [f"- {english}", f"  - {korean}", f"  - *when: {'; or '.join(whens)}*"]
    return "\n".join(line.replace("\N{NO-BREAK SPACE}", " ") for line in lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")

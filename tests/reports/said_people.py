"""Sentences about people: who is missing, who was here, where a unit stands in two camps, hidden groups together."""

from collections.abc import Iterator

from msgspec.structs import replace

from reports import change_sentences, sentences
from reports.absent import absent
from reports.spreads import two_camps
from survey.i18n import LANGUAGES
from survey.privacy.evidence import Agreement
from survey.privacy.record import Missing, Origin, Rest, Spread
from survey.scoring.agreement import split
from tests.reports import company
from tests.reports.saying import Case, altered, company_figures, details, in_both


def absent_cases() -> Iterator[Case]:
    """Yield what is said of those who are missing."""
    slot, figures = "Unit page: those who are missing", company_figures("SEOUL")
    low, high, near = (company.figure(value, signed=True) for value in (-12.4, 31.0, 4.2))
    share = company.figure(81.0, 6.0, digits=0)
    yield Case(slot, "their spread is not told", absent(replace(figures, missing=Missing(figures.n + 4, low, high))))
    told = Missing(figures.n + 4, low, high, near, high)
    yield Case(slot, "their spread is told", absent(replace(figures, missing=told)))
    yield Case(slot, "the company", absent(replace(figures, missing=replace(told, share=share))))


def stayed_cases() -> Iterator[Case]:
    """Yield what is said of those who were here last time."""
    for percent in (1, 62, 100):
        said = change_sentences.stayed(altered("SALES", origin=Origin(percent, "", 0)), company.publication())
        assert said is not None
        yield Case("Page 1: who was here last time", f"{percent} % were", (said,))


def camps_cases() -> Iterator[Case]:
    """Yield what is said of answers that stand in two camps, or do not."""
    slot, of = "Page 2: two camps", company.publication()
    figures = company_figures("SALES")
    apart, near = [5, 4, 0, 0, 0, 3, 6], [5, 3, 1, 1, 0, 2, 6]
    lots: dict[str, dict[str, list[int]]] = {
        "no motive is split": {"play": [0, 1, 3, 5, 4, 3, 2]},
        "one motive, nobody near its mean": {"play": apart},
        "one motive, somebody near its mean": {"play": near},
        "one motive that weighs on people": {"inertia": apart},
        "two motives": {"play": apart, "inertia": near},
    }
    for when, counts in lots.items():
        found = details(
            spreads={motive: Spread(each, company.figure(2.4, digits=2)) for motive, each in counts.items()},
            agreement={motive: Agreement({}, split(each)) for motive, each in counts.items()},
        ).value
        means = {motive: company.figure(4.0, digits=2) for motive in counts}
        seen = replace(figures, scales={**figures.scales, **means})
        told = [*found.spreads]
        said = in_both({language: two_camps(told, found, seen, of, language) for language in LANGUAGES})
        yield Case(slot, when, (said,))


def together_cases() -> Iterator[Case]:
    """Yield what is said of hidden groups, taken together."""
    for bound, when in (("", "as it is"), ("or more", "answers were moved at a bound")):
        index = replace(company.figure(-6.3, 8.0, signed=True), bound=bound)
        above = altered("SALES", rest=Rest(9, ["SEOUL", "BUSAN"], index, {}))
        said = in_both({language: sentences.together(above, "SEOUL", language) for language in LANGUAGES})
        yield Case("Kit: the hidden groups together", when, (said,))

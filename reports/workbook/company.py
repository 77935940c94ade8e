"""The sheets about the whole: what this file is and how it is read, and what holds for the company."""

import datetime as dt
from collections.abc import Iterator

from reports.leaning import link
from reports.method import method
from reports.workbook.sheets import Cell, Column, Row, Sheet, high, low, shown, words
from reports.workbook.view import View
from survey.i18n import Sentence, day
from survey.privacy.figures import Figure, NotEstimable


def about(view: View, sheets: list[Sheet]) -> Sheet:
    """Return the first sheet: what this is, how it was made, and what the other sheets hold."""
    say = view.say
    return Sheet(
        name=say(Sentence("About")),
        title=say(Sentence("%(company)s: results of wave %(wave)s", view.facts)),
        lead=say(
            Sentence("Everything that was published of this wave and that you may see, as it stands on the pages.")
        ),
        columns=[words("", 30), words("", 100, wraps=True)],
        rows=[
            *(Row(line) for line in _how_to_read(view)),
            *(Row(line) for line in _facts(view)),
            *(Row([sheet.name, sheet.lead]) for sheet in sheets),
        ],
    )


def company(view: View) -> Sheet:
    """Return what holds for the company as a whole: how well scales measure, and what goes together with what."""
    say = view.say
    return Sheet(
        name=say(Sentence("Company")),
        title=say(Sentence("What holds for the company as a whole")),
        lead=" ".join(say(sentence) for sentence in link(view.publication)),
        columns=[
            words(say(Sentence("What")), 44),
            words(say(Sentence("Statistic")), 26),
            Column(say(Sentence("Value"))),
            Column(say(Sentence("From"))),
            Column(say(Sentence("To"))),
            words(say(Sentence("Why not")), 50, wraps=True),
        ],
        rows=tuple(_company(view)),
    )


def _how_to_read(view: View) -> Iterator[list[Cell]]:
    k = view.publication.policy.k
    for title, text in (
        (
            Sentence("How to read it"),
            Sentence(
                "The index is a factor, not a grade, and this is no ranking. Read every number with its interval; "
                "whether two groups can be told apart is said on the page “Compare”."
            ),
        ),
        (
            Sentence("What is missing"),
            Sentence(
                "Groups of fewer than %(k)s answers are not shown, nor what would give them away. Nobody can get "
                "these numbers, in no other file either.",
                {"k": k},
            ),
        ),
    ):
        yield [view.say(title), view.say(text)]
    if view.publication.wave.demo:
        yield [
            view.say(Sentence("Demo")),
            view.say(Sentence("This company, its people and all their answers are made up.")),
        ]
    for erratum in view.publication.errata:
        said = day(dt.date.fromisoformat(erratum.said_on), view.language)
        yield [view.say(Sentence("Erratum of %(day)s", {"day": said})), erratum.text(view.language)]


def _facts(view: View) -> Iterator[list[Cell]]:
    made, wave = method(view.publication, view.language), view.publication.wave
    first, last = (day(dt.date.fromisoformat(each[:10]), view.language) for each in (wave.opened_on, wave.closed_on))
    yield [view.say(Sentence("Asked")), view.say(Sentence("%(first)s to %(last)s", {"first": first, "last": last}))]
    yield [view.say(Sentence("Questionnaire")), made.instrument]
    yield [view.say(Sentence("Formula")), made.formula]
    yield [view.say(Sentence("Answers")), f"{made.quality} {made.straight}".strip()]
    yield [view.say(Sentence("Promise fingerprint")), wave.promise_digest]
    yield [view.say(Sentence("Publication")), view.publication.digest]


def _company(view: View) -> Iterator[Row]:
    names = {scale.id: scale.name[view.language] for scale in view.publication.instrument.scales}
    coefficients = {"alpha": "Cronbach α", "spearman-brown": "Spearman-Brown ρ"}
    for one in view.publication.reliability.value:
        yield _line(view, names[one.scale], coefficients[one.coefficient], one.figure)
    evidence = view.publication.evidence
    for group in evidence.value.groups if evidence is not None else ():
        name = names.get(group.measure, view.index_name)
        yield _line(view, name, "ICC(1)", group.icc1)
        yield _line(view, name, "ICC(2)", group.icc2)
    found = view.publication.link.value
    if not isinstance(found, NotEstimable):
        for scale, figure in (("adaptive", found.with_adaptive), ("tactical", found.with_tactical)):
            named = view.say(Sentence("%(index)s with %(scale)s", {"index": view.index_name, "scale": names[scale]}))
            yield _line(view, named, view.say(Sentence("correlation")), figure)


def _line(view: View, what: str, statistic: str, figure: Figure | NotEstimable) -> Row:
    if isinstance(figure, NotEstimable):
        return Row([what, statistic, None, None, None, view.say(Sentence(figure.reason))])
    return Row([what, statistic, shown(figure, view.language), low(figure), high(figure), ""])

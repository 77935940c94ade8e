"""From a closed wave to what everybody may see: publish, results, audit; and answers collected elsewhere."""

import datetime as dt
from pathlib import Path
from typing import Any, Final

import click

from survey.cli import context
from survey.i18n import Sentence
from survey.instruments.load import DEFAULT
from survey.privacy.figures import Figure
from survey.privacy.policy import DETAIL_FLOOR, FLOOR
from survey.privacy.record import Rest, UnitFigures
from survey.privacy.released import Reason, Released, Suppressed
from survey.privacy.thaw import Publication
from survey.scoring.files import FileRefused
from survey.services.publication import imported, publication
from survey.services.waves.wave_plans import WaveDraft

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
WAVE: Final = click.option("--wave", "code", required=True, metavar="CODE", help="The wave, such as 2026-Q4.")

HIDDEN: Final[dict[Reason, Sentence]] = {
    "small": Sentence("not shown, since too few answered"),
    "complementary": Sentence("not shown, since it would give a small unit away"),
}
STRICT: Final = Sentence("not shown, since it would give a small unit away, or one or two people who moved")


@click.command("publish")
@WAVE
@click.option("--k", type=int, help="After a failed audit: show results from so many people; never fewer than planned.")
def publish(code: str, k: int | None) -> None:
    """Publish a closed wave: everything shown is frozen once, and audited as one system."""
    with context.writing() as session:
        published = publication.publish(session, code, context.now(), k=k)
        verdicts = publication.audit(session, code)
    context.say(Sentence("Wave %(wave)s is published.", {"wave": code}))
    context.say(_counts(published))
    context.say(publication.verdict(verdicts))


@click.command("results")
@WAVE
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def results(code: str, form: str) -> None:
    """Print all that a publication releases, and what it suppresses with the reason."""
    with context.reading() as session:
        published = publication.publication(session, code)
    if form == "json":
        context.say(context.as_json(publication.results(published)))
        return
    for said in published.errata:
        context.say(Sentence("Erratum of %(day)s", {"day": said.said_on}))
        context.say(said.text(context.language()))
    for unit in published.units:
        name = f"{'  ' * unit.depth}{unit.code}  {unit.name(context.language())}"
        context.say(f"{name}: {_line(unit.figures, published).to(context.language())}")
        if unit.rest is not None:
            context.say(f"{'  ' * unit.depth}  {_rest(unit.rest.value).to(context.language())}")


@click.command("audit")
@WAVE
@click.option("--colluders", type=click.IntRange(0), default=0, help="So many people put their own answers together.")
def audit(code: str, colluders: int) -> None:
    """Print the verdict of the audit of a publication and its second cuts; exit with 1 where it is not safe."""
    with context.reading() as session:
        verdicts = publication.audit(session, code, colluders)
    for family, found in verdicts:
        context.say(Sentence("%(title)s: %(verdict)s", {"title": family.title, "verdict": found.sentence}))
    if not all(found.safe for _, found in verdicts):
        raise click.exceptions.Exit(context.REFUSED)


@click.command("import-answers")
@click.argument("file", type=FILE)
@WAVE
@click.option("--by", default="unit", show_default=True, help="The column of FILE that holds the unit's code.")
@click.option("--units", type=FILE, help="CSV or XLSX with code, parent and name of each unit.")
@click.option("--instrument", default=DEFAULT, show_default=True, help="Id of the questionnaire.")
@click.option("--instrument-version", default="", help="Of one your company brought in (default: this program's).")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day the answers were collected (default: today).")
@click.option("--k", type=int, default=FLOOR, show_default=True, help="Show results from so many people.")
@click.option("--detail-k", type=int, default=DETAIL_FLOOR, show_default=True, help="Show details from so many.")
def import_answers(file: Path, units: Path | None, on: dt.datetime | None, **options: Any) -> None:  # noqa: ANN401 - click's
    """Take FILE, a CSV of answers collected elsewhere (a column an item, a row a person), as a closed wave."""
    start = context.sane(on) if on else dt.datetime.combine(context.today(), dt.time())
    plan = WaveDraft(
        code=options["code"],
        opens_at=start,
        closes_at=start + dt.timedelta(days=1),
        instrument_id=options["instrument"],
        instrument_version=options["instrument_version"],
        k=options["k"],
        detail_k=options["detail_k"],
    )
    upload = imported.Upload(
        file.read_bytes(), options["by"], units.read_bytes() if units else None, units.name if units else ""
    )
    try:
        with context.writing() as session:
            taken = imported.import_answers(session, plan, upload, context.now())
    except FileRefused as refused:
        context.say("\n".join(refused.lines(context.language())), err=True)
        raise click.exceptions.Exit(context.REFUSED) from refused
    facts: dict[str, object] = {"wave": plan.code, "count": taken.responses, "units": taken.units}
    context.say(Sentence("Wave %(wave)s holds %(count)s imported responses of %(units)s units.", facts))
    if taken.unused:
        context.say(
            Sentence("Columns that are no item and were not read: %(names)s.", {"names": ", ".join(taken.unused)})
        )
    context.say(Sentence("Publish it with: survey publish --wave %(wave)s", facts))


def _counts(published: Publication) -> Sentence:
    hidden = [unit.figures.reason for unit in published.units if isinstance(unit.figures, Suppressed)]
    facts: dict[str, object] = {
        "shown": len(published.units) - len(hidden),
        "small": hidden.count("small"),
        "complementary": hidden.count("complementary"),
    }
    return Sentence(
        "Units shown: %(shown)s. Hidden because too few answered: %(small)s; hidden because they would give such a "
        "unit away: %(complementary)s.",
        facts,
    )


def _rest(rest: Rest) -> Sentence:
    numbers = _numbers(rest.index, rest.n)
    return Sentence("the rest (%(units)s): %(numbers)s", {"units": ", ".join(rest.units), "numbers": numbers})


def _line(figures: Released[UnitFigures] | Suppressed, published: Publication) -> Sentence:
    if isinstance(figures, Suppressed):
        strict = published.policy.strict and figures.reason == "complementary"
        return STRICT if strict else HIDDEN[figures.reason]
    return _numbers(figures.value.index, figures.value.n)


def _numbers(index: Figure, n: int) -> Sentence:
    facts: dict[str, object] = {"n": n, "index": index.text, "low": index.low_text, "high": index.high_text}
    if index.low is None:
        return Sentence("%(index)s (answers: %(n)s)", facts)
    return Sentence("%(index)s, 95 %% interval %(low)s to %(high)s (answers: %(n)s)", facts)

"""Second cuts of a published wave: its report units grouped in another way."""

from pathlib import Path
from typing import Final

import click

from reports.second_cuts import cut_rows
from survey.cli import context
from survey.i18n import Sentence
from survey.privacy.cut_thaw import Cut, PublishedGroup
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication
from survey.services.publication import publication, second_cuts

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
WAVE: Final = click.option("--wave", required=True, metavar="CODE", help="The published wave, such as 2026-Q4.")
FORMAT: Final = click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True
)


@click.command("second-cut")
@WAVE
@click.option("--name", "code", required=True, metavar="CODE", help='What people will call it: "by-place".')
@click.option("--file", "file", type=FILE, required=True, help="CSV or XLSX with unit, group and perhaps parent.")
@FORMAT
def second_cut(wave: str, code: str, file: Path, form: str) -> None:
    """Group the units of a published wave in another way, once; audited with all that was told of it."""
    grouping = second_cuts.Grouping(code, file.read_bytes(), file.name)
    with context.writing() as session:
        cut = second_cuts.make(session, wave, grouping, context.now())
        _print(cut, form, publication.publication(session, wave))


@click.command("second-cuts")
@WAVE
@click.option("--name", "code", metavar="CODE", help="Only this one.")
@FORMAT
def list_second_cuts(wave: str, code: str | None, form: str) -> None:
    """Print the second cuts of a wave: what each group shows, or why it does not."""
    with context.reading() as session:
        published = publication.publication(session, wave)
        found = [cut for cut in second_cuts.cuts(session, wave) if code in {None, cut.code}]
    if not found:
        context.say(Sentence("Wave %(wave)s has no such second cut.", {"wave": wave}))
    for cut in found:
        _print(cut, form, published)


def _print(cut: Cut, form: str, published: Publication) -> None:
    if form == "json":
        context.say(context.as_json(second_cuts.results(cut)))
    elif form == "csv":
        context.say_rows(cut_rows(cut, published.columns, context.language()))
    else:
        context.say(f"{cut.code}  {cut.digest}")
        for group in cut.groups:
            name = f"{'  ' * (group.depth + 1)}{group.code}  {group.name(context.language())}"
            context.say(f"{name}: {_line(group, cut.k).to(context.language())}")
        if cut.left_out:
            context.say(Sentence("In no group: %(units)s.", {"units": ", ".join(cut.left_out)}))


def _line(group: PublishedGroup, k: int) -> Sentence:
    if isinstance(group.figures, Suppressed):
        return second_cuts.why_hidden(group.figures.reason, k)
    index, n = group.figures.value.index, group.figures.value.n
    facts: dict[str, object] = {"n": n, "index": index.text, "low": index.low_text, "high": index.high_text}
    if index.low is None:
        return Sentence("%(index)s (answers: %(n)s)", facts)
    return Sentence("%(index)s, 95 %% interval %(low)s to %(high)s (answers: %(n)s)", facts)

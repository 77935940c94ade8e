"""What each unit will probably see once a draft is opened, and small units joined into groups before that."""

import click

from survey.cli import context
from survey.cli.waves import WAVE
from survey.i18n import Sentence
from survey.services.waves import foresight, joins, waves
from survey.services.waves.foresight import Foreseen, Line


@click.command("foresee")
@WAVE
@click.option(
    "--participation",
    type=click.Choice([*foresight.PARTICIPATION, foresight.LAST]),
    default=foresight.USUAL,
    show_default=True,
    help="How many take part, in per cent, or as the last wave published it.",
)
def foresee(code: str, participation: str) -> None:
    """Say what each unit of a draft will probably see, from today's roster."""
    with context.reading() as session:
        seen = foresight.foreseen(session, waves.wave(session, code), participation)
    if seen.assumed != participation:
        context.say(Sentence("No wave has told participation yet; %(percent)s %% is taken.", {"percent": seen.assumed}))
    for line in seen.lines:
        context.say(_row(line))
    text, language = Sentence("%(unit)s: %(people)s people count for %(to)s."), context.language()
    for group in seen.elsewhere:
        context.say(text.fill(unit=group.names[language], people=group.people, to=group.to[language]))
    context.say(_summary(seen))


@click.command("join-units")
@WAVE
@click.option("--name-ko", required=True, help="The group's Korean name.")
@click.option("--name-en", required=True, help="The group's English name.")
@click.argument("units", nargs=-1, required=True)
def join_units(code: str, name_ko: str, name_en: str, units: tuple[str, ...]) -> None:
    """Join small UNITS that lie side by side into one group of a draft."""
    with context.writing() as session:
        group = joins.join(session, code, units, {"ko": name_ko, "en": name_en}, context.now())
    done = Sentence("Joined as %(group)s. Undo it with: survey unjoin --wave %(wave)s %(group)s")
    context.say(done.fill(group=group.code, wave=code))


@click.command("unjoin")
@WAVE
@click.argument("group")
def unjoin(code: str, group: str) -> None:
    """Undo the joined GROUP of a draft."""
    with context.writing() as session:
        joins.unjoin(session, code, group, context.now())
    context.say(Sentence("The units of %(group)s count for themselves again.", {"group": group}))


def _row(line: Line) -> str:
    """Return a unit's line: its code, indented, how many are invited, and the chances of figures and details."""
    language = context.language()
    chances = (
        foresight.WORDS[chance.likely].to(language)
        + ("" if chance.likely == "never" else f" ({foresight.told(chance).to(language)})")
        for chance in (line.figures, line.details)
    )
    return f"{'  ' * line.depth + line.unit.code:<32} {line.people:>6}  " + "  |  ".join(chances)


def _summary(seen: Foreseen) -> Sentence:
    sure = sum(line.figures.likely == "almost certainly" for line in seen.places)
    text = Sentence("%(sure)s of %(all)s units where people answer will almost certainly see results.")
    return text.fill(sure=sure, all=len(seen.places))

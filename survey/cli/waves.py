"""A wave from its plan to its close: letters, printed codes, and what has to happen by itself."""

import datetime as dt
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click
from sqlalchemy.orm import Session

from reports.pool import print_codes
from survey.cli import context
from survey.database import reading, writing
from survey.i18n import LANGUAGES, Sentence
from survey.instruments.extra import typed
from survey.instruments.load import DEFAULT
from survey.runs import due
from survey.runs.chosen import runs_for
from survey.runs.given import Place
from survey.services import company, here, mail_server
from survey.services.invitations import invitations
from survey.services.invitations.sending import Outbox, Sending
from survey.services.waves import closing, frozen, opening, wave_plans, waves
from survey.web.waves.slips import slips

WAVE: Final = click.option("--wave", "code", required=True, metavar="CODE", help="The wave, such as 2026-Q4.")
UNSAFE: Final = re.compile(r"[^\w.+-]")
"""What a unit's code may hold and a file's name should not."""
CLOSED: Final = Sentence("Wave %(wave)s is closed. Publish it with: survey publish --wave %(wave)s")
SEALED: Final = Sentence("Wave %(wave)s is closed. Unseal it with: survey unseal --wave %(wave)s --key FILE")
MOMENT: Final = click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])


@click.command("draft-wave")
@WAVE
@click.option("--closes", type=MOMENT, required=True, help='When it ends, in company time: "2026-12-15 18:00".')
@click.option("--opens", type=MOMENT, help="When it is planned to start (default: now).")
@click.option("--practice", "practices", multiple=True, help="Ask about this practice too; up to four times.")
@click.option("--instrument", default=DEFAULT, show_default=True, help="Id of the questionnaire.")
@click.option("--instrument-version", default="", help="Of one your company brought in (default: this program's).")
@click.option("--own", "own", type=(str, str), multiple=True, metavar="KO EN", help="An extra item; up to five times.")
@click.option("--k", default=5, show_default=True, help="Fewest people of whom something is shown.")
@click.option("--detail-k", default=10, show_default=True, help="Fewest people of whom details are shown.")
@click.option("--retention-months", default=24, show_default=True, help="How long answers are kept after the close.")
@click.option("--sealed/--not-sealed", default=None, help="Lock answers as they arrive (default: with two keyholders).")
@click.option("--strict", is_flag=True, help="Show a group below ten only with others where one or two people moved.")
@click.option("--remind", is_flag=True, help="Send both reminders without being asked, on day 3 and 5.")
def draft_wave(
    code: str,
    opens: dt.datetime | None,
    closes: dt.datetime,
    practices: tuple[str, ...],
    *,
    sealed: bool | None,
    own: tuple[tuple[str, str], ...],
    **rest: int,
) -> None:
    """Plan a wave; nobody is asked before it is opened."""
    now = context.now()
    plan = wave_plans.WaveDraft(
        code=code,
        opens_at=_utc(opens) if opens else now,
        closes_at=_utc(closes, last=True),
        practices=practices,
        instrument_id=str(rest["instrument"]),
        instrument_version=str(rest["instrument_version"]),
        extra_items=typed(own),
        k=rest["k"],
        detail_k=rest["detail_k"],
        retention_months=rest["retention_months"],
        sealed=sealed,
        strict=bool(rest["strict"]),
        reminds=bool(rest["remind"]),
    )
    with context.writing() as session:
        wave_plans.draft(session, plan, now)
    context.say(Sentence("Wave %(wave)s is planned. Open it with: survey open-wave --wave %(wave)s", {"wave": code}))


@click.command("discard-wave")
@WAVE
def discard_wave(code: str) -> None:
    """Throw a draft away, so that it can be planned anew."""
    with context.writing() as session:
        wave_plans.discard(session, code, context.now())
    context.say(Sentence("The draft of wave %(wave)s is gone.", {"wave": code}))


@click.command("open-wave")
@WAVE
def open_wave(code: str) -> None:
    """Freeze the roster and accept answers from now on."""
    with context.writing() as session:
        wave = opening.open_wave(session, code, context.now(), context.settings().keys)
        invited = sum(unit.invited for unit in frozen.frozen_tree(session, wave))
    facts: dict[str, object] = {"wave": code, "count": invited, "hours": 48}
    context.say(Sentence("Wave %(wave)s is open for %(count)s people. Send letters within %(hours)s hours.", facts))


@click.command("send-letters")
@WAVE
def send_letters(code: str) -> None:
    """Send the letters that have not gone out; a run that was stopped goes on where it stopped."""
    send_with_bar(
        code,
        lambda session: len(invitations.unsent(session, waves.wave(session, code))),
        invitations.send_letters,
        Sentence("%(count)s letters were accepted by the mail server; %(left)s wait."),
    )


def send_with_bar(code: str, waiting: Callable[[Session], int], send: Callable[..., Sending], told: Sentence) -> None:
    """Send letters or reminders with a bar that grows; `waiting` tells how many there are, or why none may go."""
    settings = context.settings()
    with context.engine() as engine:
        with reading(engine) as session:
            outbox = Outbox(settings.keys, settings.base_url, mail_server.post(session, settings))
            length = waiting(session)
        with click.progressbar(length=length, label=code) as bar:
            sending = send(engine, code, outbox, context.now(), each=lambda done, _all: bar.update(done - bar.pos))
    _tell_sending(sending, told)


def _tell_sending(sending: Sending, told: Sentence) -> None:
    """Say what came of a run, of letters or reminders; whoever was refused is named, so that HR can help her."""
    for refusal in sending.refused:
        context.say(f"{refusal.name} <{refusal.email}>: {refusal.reason.to(context.language())}", err=True)
    if sending.stopped:
        context.say(sending.stopped, err=True)
    context.say(told.fill(count=sending.accepted, left=sending.left))
    if sending.left:
        raise click.exceptions.Exit(context.REFUSED)


@click.command("print-codes")
@WAVE
@click.option("--unit", help="Unit of the frozen tree (default: every unit with people without e-mail).")
@click.option("--language", type=click.Choice(LANGUAGES), default="ko", show_default=True)
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for PDFs."
)
def print_codes_command(code: str, unit: str | None, language: str, output: Path) -> None:
    """Print the one-use codes of people without e-mail, a sheet a unit, to be drawn by hand."""
    settings = context.settings()
    home = settings.keys
    with context.engine() as engine:
        with reading(engine) as session:
            invitations.require_open(session, code)
            units = [unit] if unit else sorted(invitations.progress(session, code, home).sheets)
            name = company.company(session).name(language)
        output.mkdir(mode=0o700, parents=True, exist_ok=True)
        for each in units:
            with writing(engine) as session:
                drawn = invitations.codes_for_unit(session, code, each, home, context.now())
            file = output / UNSAFE.sub("_", f"{code}-{each}.pdf")
            _write(file, print_codes(slips(drawn, name, settings.base_url, language), language))
            context.say(Sentence("Wrote %(file)s.", {"file": file}))
        with writing(engine) as session:
            invitations.settle(session, code, home, context.now())


@click.command("close-wave")
@WAVE
@click.option("--early", is_flag=True, help="Close before the announced end.")
def close_wave(code: str, early: bool) -> None:  # noqa: FBT001 - click passes a flag
    """End a wave: answers are shuffled, codes and their keys destroyed."""
    with context.writing() as session:
        wave = closing.close(session, code, context.now(), early=early)
        invitations.settle(session, code, context.settings().keys, context.now())
    context.say((SEALED if wave.sealed else CLOSED).fill(wave=code))


@click.command("waves")
def list_waves() -> None:
    """List all waves with their state."""
    with context.reading() as session:
        zone = here.zone_of(session)
        for wave in waves.waves(session):
            closes = here.moment(wave.closes_at, context.language(), zone)
            context.say(f"{wave.code:<20} {wave.state:<10} {wave.kind:<9} {closes}")


@click.command("tick")
def tick() -> None:
    """Do what is due: open, remind, close, destroy keys, count, delete, go on with what was stopped. Run it hourly."""
    with context.engine() as engine:
        place = Place(engine, context.settings(), context.now)
        runner = runs_for(place)

        def go_on() -> None:
            runner.take_up()
            runner.wait_for_all()

        done = due.do(place, go_on)
        if done is None:
            context.say(Sentence("Another process is doing what is due at this moment."))
            return
        for sentence in done.sentences:
            context.say(sentence)
        if done.heads:
            context.say(Sentence("Letters to auditors with the head of the log: %(count)s.", {"count": done.heads}))


def _utc(local: dt.datetime, *, last: bool = False) -> dt.datetime:
    """Return what an operator typed by the company's clocks as the database keeps it."""
    return here.utc_of(context.sane(local), context.zone(), last=last)


def _write(file: Path, content: bytes) -> None:
    """Write a file that only its owner can read."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())

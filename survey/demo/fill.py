"""Fill an empty installation with the demo company, through the services that serve real ones."""

import csv
import datetime as dt
import io
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from survey.database import reading, writing
from survey.demo import outcomes, practices
from survey.demo.model import DemoPerson, DemoWave, waves
from survey.demo.names import NAMES
from survey.instruments.load import DEFAULT, builtin
from survey.services import company
from survey.services.accounts import accounts, grants
from survey.services.invitations import codes, invitations, issue_key
from survey.services.invitations.sending import Outbox
from survey.services.publication import publication
from survey.services.responses import responses
from survey.services.roster import people
from survey.services.waves import closing, opening, wave_plans
from survey.services.waves import waves as wave_services
from survey.services.waves.asking import asked_now

ASKED: Final = ("feedback_to_all", "front_line_days", "stand_ups", "users_choose")
SIGN_INS: Final = (
    ("hr@daon.example", "한서연", "hr", ""),
    ("care@daon.example", "문지호", "leader", "CARE"),
    ("stores@daon.example", "오도윤", "leader", "STORE"),
    ("board@daon.example", "배은서", "observer", "DAON"),
    ("audit@daon.example", "민가람", "auditor", ""),
)
HALF: Final = 2
"""In the open wave, one in two of those who will answer has done so."""
BATCH: Final = 250
TRY_OUT_UNIT: Final = "LOGI-03"
HEADINGS: Final = (
    *("number", "name", "email", "language", "unit", "parent"),
    *("unit_name", "unit_name_en", "kind", "leads"),
)


def fill(engine: Engine, outbox: Outbox, now: dt.datetime, say: Callable[[str], None]) -> dict[str, str]:
    """Fill the installation and return passwords by e-mail address, and under "codes" unspent codes to try."""
    with writing(engine) as session:
        name = NAMES.company
        company.set_company(
            session, company.Company(name.ko, name.en, language="ko", unit_word="team", demo=True, second_step="nobody")
        )
    story = list(waves(builtin(DEFAULT), now))
    with writing(engine) as session:
        outcomes.begin(session, story[0].opens_at - dt.timedelta(days=7))
    for number, wave in enumerate(story[:-1]):
        _open(engine, outbox.home, number, wave)
        _answer(engine, outbox.home, wave, list(wave.answers))
        _note_what_else(engine, story[:number], wave)
        _close_and_publish(engine, outbox.home, wave)
        say(f"  wave {wave.code}: {len(wave.people)} invited, {len(wave.answers)} answered, published")
    last = story[-1]
    _open(engine, outbox.home, len(story) - 1, last)
    with writing(engine) as session:
        practices.settle(session, last, now.date())
    answered = list(last.answers)[::HALF]
    tickets = _tickets(engine, outbox.home, last, answered)
    _answer(engine, outbox.home, last, answered)
    sent = invitations.send_letters(engine, last.code, outbox, last.opens_at)
    say(f"  wave {last.code}: {len(last.people)} invited, {len(answered)} answered, open; {sent.accepted} letters")
    return {**_accounts(engine, now), "codes": " ".join(tickets)}


def roster_csv(wave: DemoWave) -> bytes:
    """Return the roster of a wave as HR would upload it."""
    units = {unit.code: unit for unit in wave.units}
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(HEADINGS)
    for unit in wave.units:
        rows.writerow(("", "", "", "", unit.code, unit.parent or "", unit.ko, unit.en, unit.kind, ""))
    for person in wave.people:
        unit = units[person.unit]
        who = (person.number, person.name, _email(person), person.language)
        rows.writerow((*who, unit.code, unit.parent or "", unit.ko, unit.en, unit.kind, person.leads))
    return text.getvalue().encode("utf-8-sig")


def _email(person: DemoPerson) -> str:
    """Return the address letters go to; the crews of logistics get printed codes."""
    return "" if person.unit.startswith("LOGI-") and not person.leads else person.email


def _open(engine: Engine, home: Path, number: int, wave: DemoWave) -> None:
    before = wave.opens_at - dt.timedelta(days=7)
    table = people.read_roster(roster_csv(wave), "roster.csv")
    with writing(engine) as session:
        people.import_roster(session, table, before.date())
        practices.before(session, number, wave)
        practices.take_up(session, wave)
        plan = wave_plans.WaveDraft(
            code=wave.code, opens_at=wave.opens_at, closes_at=wave.closes_at, practices=ASKED, retention_months=24
        )
        wave_plans.draft(session, plan, before)
        opening.open_wave(session, wave.code, wave.opens_at, home)


def _answer(engine: Engine, home: Path, wave: DemoWave, numbers: list[str]) -> None:
    """Let people answer, each with the code of her letter, by the function that serves the survey page."""
    key = issue_key.read(home, wave.code)
    later = wave.opens_at + dt.timedelta(hours=20)
    with reading(engine) as session:
        ids = {person.number: person.id for person in people.people_today(session)}
        asked = {item.id for item in builtin(DEFAULT).asked(wave_services.wave(session, wave.code).practices)}
    for batch in _batches(numbers):
        with writing(engine) as session:
            here = asked_now(session, locked=True)
            for number in batch:
                answers = {item: value for item, value in wave.answers[number].items() if item in asked}
                code = codes.code_for(key, wave.code, ids[number])
                sent = responses.Sent(code, codes.new_receipt(), answers, wave.comments.get(number, ""))
                _must_count(responses.accept(session, here, sent, later))


def _must_count(outcome: responses.Reply) -> None:
    if not isinstance(outcome, responses.Accepted):
        raise TypeError(f"the demo's own answer was not accepted: {outcome}")


def _batches(numbers: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]


def _note_what_else(engine: Engine, earlier: list[DemoWave], wave: DemoWave) -> None:
    """Bring in outcomes of the month after the wave before, and mark what happened in teams."""
    with writing(engine) as session:
        if earlier:
            outcomes.bring_in(session, earlier[-1], wave.closes_at)
        if len(earlier) == outcomes.MARKED_BEFORE:
            outcomes.mark(session, wave)


def _close_and_publish(engine: Engine, home: Path, wave: DemoWave) -> None:
    after = wave.closes_at + dt.timedelta(hours=1)
    with writing(engine) as session:
        closing.close(session, wave.code, after)
    with writing(engine) as session:
        publication.publish(session, wave.code, after)
    issue_key.destroy(home, wave.code)


def _tickets(engine: Engine, home: Path, wave: DemoWave, answered: list[str]) -> list[str]:
    """Return codes of people who have not answered, so that the survey can be tried."""
    key = issue_key.read(home, wave.code)
    silent = {person.number for person in wave.people if person.unit == TRY_OUT_UNIT} - set(answered)
    with reading(engine) as session:
        ids = [person.id for person in people.people_today(session) if person.number in silent]
    return [codes.grouped(codes.code_for(key, wave.code, each)) for each in ids]


def _accounts(engine: Engine, now: dt.datetime) -> Mapping[str, str]:
    passwords = {}
    with writing(engine) as session:
        for email, name, role, unit in SIGN_INS:
            passwords[email] = secrets.token_urlsafe(12)
            accounts.create_account(session, email, name, role, passwords[email], "ko")
            if unit:
                grants.give(session, email, [unit], now)
    return passwords

"""What an afternoon of HR costs in a large company: opening, 20,000 letters with a kill half way, the wave's page.

    python -m benchmarks.opening [PEOPLE [TEAMS]]

On SQLite, with a real mail server (aiosmtpd) as a process of its own that writes down each letter's reader. A sender is
killed (SIGKILL) when a third of the letters is out, and another one goes on; then it is counted whether everybody has a
letter. Beside it a bare smtplib loop hands letters of the same size to the same server over one connection, without a
database. Printed: seconds, letters a second, and the wave's page as a browser asks for it.
"""

import asyncio
import datetime as dt
import os
import secrets
import signal
import smtplib
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from statistics import median
from threading import Event
from time import perf_counter, process_time, sleep
from typing import Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import Engine, insert, text

from survey.database import engine as open_engine
from survey.database import writing
from survey.mail import post_for
from survey.migrations import upgrade
from survey.models import Person, Unit
from survey.services.invitations import invitations
from survey.services.invitations.sending import Outbox
from survey.services.waves import opening, wave_plans
from survey.settings import Settings
from survey.web.factory import create_app
from tests import cast
from tests.journeys.doors import Visitor
from tests.services.mail_process import ROOT, answers, free_port

WAVE: Final = "2026-Q4"
PAGES: Final = 9
BARE: Final = 2_000


class Register:
    """Writes down who got a letter, and that it is taken."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("a", encoding="utf-8")

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a letter."""
        self.file.write(f"{envelope.rcpt_tos[0]}\n")
        self.file.flush()
        await asyncio.sleep(0)
        return "250 accepted"


@contextmanager
def mail_server(register: Path, port: int) -> Iterator[None]:
    """Run the mail server."""
    register.touch()
    command = [sys.executable, "-m", "benchmarks.opening", "serve", str(register), str(port)]
    with subprocess.Popen(command, cwd=ROOT) as process:  # noqa: S603 - our own program
        while not answers(port):
            sleep(0.05)
        try:
            yield
        finally:
            process.kill()


def company(engine: Engine, people: int, teams: int) -> None:
    """Load the cast with its accounts, and teams under thirty departments."""
    with writing(engine) as session:
        cast.load(session)
    departments = [f"D{n}" for n in range(30)]
    units = [{"code": code, "parent_code": "CO", "name_ko": code, "name_en": code, "kind": ""} for code in departments]
    units += [
        {"code": f"T{n}", "parent_code": departments[n % 30], "name_ko": f"팀 {n}", "name_en": f"Team {n}", "kind": ""}
        for n in range(teams)
    ]
    rows = [
        {
            "number": f"n{n}",
            "name": f"Person {n}",
            "email": f"p{n}@example.com",
            "language": ("ko", "en")[n % 2],
            "unit_code": f"T{n % teams}",
            "leads_code": None,
            "valid_from": cast.TODAY,
        }
        for n in range(people)
    ]
    with writing(engine) as session:
        session.execute(insert(Unit), units)
        session.execute(insert(Person), rows)


def send(home: Path, port: int) -> None:
    """Send what waits, as the command does."""
    settings = _settings(home, port)
    engine = open_engine(settings.database_url)
    outbox = Outbox(home, settings.base_url, post_for(settings))
    invitations.send_letters(engine, WAVE, outbox, cast.NOW)


def letters_in(register: Path) -> Counter[str]:
    """Count the letters by reader."""
    return Counter(register.read_text("utf-8").splitlines())


def bare(port: int) -> float:
    """Return letters a second of a loop that does nothing else."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "hr@example.com", "somebody@example.com", "Hello"
    message.set_content("x" * 1_500)
    message.add_alternative("<p>" + "x" * 3_500, subtype="html")
    start = perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for _ in range(BARE):
            server.send_message(message)
    return BARE / (perf_counter() - start)


def wave_page(home: Path, port: int) -> tuple[list[float], list[float]]:
    """Return the seconds that the wave's page takes, on the clock and of the processor."""
    app = create_app(_settings(home, port))
    app.testing = True
    visitor = Visitor(app.test_client()).sign_in("Cy")
    clock, processor = [], []
    for _ in range(PAGES):
        start, worked = perf_counter(), process_time()
        answer = visitor.get(f"/waves/{WAVE}")
        clock.append(perf_counter() - start)
        processor.append(process_time() - worked)
        assert "Taking part" in answer.text
    return clock, processor


def main(people: int, teams: int) -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder), free_port()
        (home / "secret.key").write_bytes(secrets.token_bytes(32))
        engine = open_engine(_settings(home, port).database_url)
        upgrade(engine)
        company(engine, people, teams)
        start = perf_counter()
        with writing(engine) as session:
            plan = wave_plans.WaveDraft(code=WAVE, opens_at=cast.NOW, closes_at=cast.NOW + dt.timedelta(14))
            wave_plans.draft(session, plan, cast.NOW)
            opening.open_wave(session, WAVE, cast.NOW, home)
        print(f"opening for {people:,} people in {teams:,} teams: {perf_counter() - start:.1f} s")
        with writing(engine) as session:
            session.execute(text("UPDATE wave_unit SET participation = '70–79 %'"))
        clock, processor = (1000 * median(times) for times in wave_page(home, port))
        print(f"the wave's page: median {clock:.0f} ms, {processor:.0f} ms of the processor")
        register = home / "register"
        with mail_server(register, port):
            print(f"bare smtplib loop: {bare(port):.0f} letters a second")
            register.write_text("")
            _letters(home, port, register, people + len(cast.MEMBERS))
        engine.dispose()


def _letters(home: Path, port: int, register: Path, people: int) -> None:
    command = [sys.executable, "-m", "benchmarks.opening", "send", str(home), str(port)]
    start = perf_counter()
    with subprocess.Popen(command, cwd=ROOT) as process:  # noqa: S603 - our own program
        while letters_in(register).total() < people // 3:
            sleep(0.2)
        os.kill(process.pid, signal.SIGKILL)
    at_kill, killed = letters_in(register).total(), perf_counter()
    print(f"killed after {at_kill:,} letters: {at_kill / (killed - start):.0f} letters a second")
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - our own program
    counted, took = letters_in(register), perf_counter() - killed
    rest = counted.total() - at_kill
    print(f"resumed: {rest:,} letters in {took:.0f} s, {rest / took:.0f} a second")
    twice = counted.total() - len(counted)
    print(f"people with a letter: {len(counted):,} of {people:,}; sent twice: {twice}")


def _settings(home: Path, port: int) -> Settings:
    return Settings.from_environment(
        {"SURVEY_HOME": str(home), "SURVEY_MAIL_URL": f"smtp://127.0.0.1:{port}", "SURVEY_MAIL_FROM": "hr@example.com"}
    )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", path, port]:
            Controller(Register(Path(path)), hostname="127.0.0.1", port=int(port)).start()
            Event().wait()
        case ["send", home, port]:
            send(Path(home), int(port))
        case numbers:
            main(*([int(number) for number in numbers] or [20_000, 1_000])[:2])

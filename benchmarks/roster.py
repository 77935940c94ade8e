"""How long HR waits for a roster: `python -m benchmarks.roster [PEOPLE] [UNITS]`.

A workbook of 20,000 people in 1,000 units is sent, looked at and taken through the web app, on SQLite, over a roster of
as many of whom some have moved, left and come. Everything is told as a ratio to merely reading the workbook's cells,
too, which is how fast any program of this kind could be on this machine.
"""

import datetime as dt
import io
import re
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeVar

from flask.testing import FlaskClient

from reports.tables import as_xlsx
from survey.database import engine as open_engine
from survey.database import writing
from survey.migrations import upgrade
from survey.services.accounts import accounts
from survey.services.company import Company, set_company
from survey.services.filing.table_file import read_grid
from survey.services.roster.people import import_roster, read_roster
from survey.settings import Settings
from survey.web.factory import create_app

HEADINGS: Final = ("이름", "이메일", "사번", "언어", "부서코드", "상위코드", "부서명", "이끄는부서")
BEFORE: Final = dt.date(2026, 1, 1)
EMAIL, PASSWORD = "hr@example.com", "a river runs through it"
TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')
SEAL: Final = re.compile(r'name="seen" value="(\w+)"')
Result = TypeVar("Result")


def workbook(people: int, units: int, shift: int) -> bytes:
    """Return a roster as a workbook; with a `shift`, every 20th person has moved, every 50th is another one."""
    inner = max(1, units // 20)
    rows = [("", "", "", "", "CO", "", "회사", "")]
    rows += [("", "", "", "", f"D{n}", "CO", f"본부 {n}", "") for n in range(inner)]
    for n in range(people):
        team = (n + (shift if n % 20 == 0 else 0)) % (units - inner - 1)
        number = f"{'N' if shift and n % 50 == 0 else 'P'}{n:06}"
        lead = f"T{team}" if n < units - inner - 1 and not shift else ""
        email = "" if n % 7 == 0 else f"{number.lower()}@example.com"
        rows.append((f"사람 {n}", email, number, "ko", f"T{team}", f"D{team % inner}", f"팀 {team}", lead))
    return as_xlsx("roster", HEADINGS, rows)


class Stopwatch:
    """Prints what took how long, also as a ratio to reading the cells."""

    def __init__(self) -> None:
        self.cells = 0.0

    def __call__(self, what: str, work: Callable[[], Result]) -> Result:
        """Do something and print how long it took."""
        start = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - start
        self.cells = self.cells or seconds
        print(f"{what:<44}{seconds:8.2f} s{seconds / self.cells:8.1f} x")
        return result


def hr(home: Path, settings: Settings) -> FlaskClient:
    """Make an installation with an account of HR, and return a browser that is signed in."""
    (home / "secret.key").write_bytes(secrets.token_bytes(32))
    opened = open_engine(settings.database_url)
    upgrade(opened)
    with writing(opened) as session:
        set_company(session, Company("등대상사", "Lighthouse Trading", second_step="nobody"))
        accounts.create_account(session, EMAIL, "Cy", "hr", PASSWORD, "en")
    client = create_app(settings).test_client()
    send(client, "/sign-in?lang=en", "/sign-in", {"email": EMAIL, "password": PASSWORD})
    return client


def send(client: FlaskClient, page: str, address: str, data: Mapping[str, object]) -> str:
    """Send a form with the token of its page; return where it leads."""
    token = TOKEN.search(client.get(page).text)
    if token is None:
        raise RuntimeError(page)
    return client.post(address, data={**data, "csrf_token": token[1]}).headers["Location"]


def main() -> None:
    """Print the seconds of each step."""
    people, units = (int(text) for text in (*sys.argv[1:], "20000", "1000")[:2])
    print(f"{people} people in {units} units")
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings.from_environment({"SURVEY_HOME": folder})
        client = hr(home, settings)
        before, after = workbook(people, units, 0), workbook(people, units, 7)
        watch("reading the cells of the workbook", lambda: read_grid(after, "roster.xlsx"))
        with writing(open_engine(settings.database_url)) as session:
            table = read_roster(before, "roster.xlsx")
            watch("bringing in a first roster, without a page", lambda: import_roster(session, table, BEFORE))
        file = {"file": (io.BytesIO(after), "roster.xlsx"), "day": dt.datetime.now(dt.UTC).date().isoformat()}
        address = watch("sending the file", lambda: send(client, "/people/", "/people/", file))
        page = watch("the preview", lambda: client.get(address).text)
        watch("a page of those who move", lambda: client.get(f"{address}/moved"))
        seal = SEAL.search(page)
        if seal is None:
            raise RuntimeError(page)
        watch("taking it (with the preview once more)", lambda: send(client, address, address, {"seen": seal[1]}))
        watch("the page of the roster", lambda: client.get("/people/"))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(f"the preview has {len(page) >> 10} kB; most memory {memory} MB")


if __name__ == "__main__":
    main()

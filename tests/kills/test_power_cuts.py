"""An answer that was acknowledged outlives a power cut on SQLite, whatever the disk had not written yet."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from sqlalchemy import Engine

from survey import database
from survey.database import engine as open_engine
from survey.database import writing
from survey.services.invitations.codes import read, receipt_hash
from survey.services.waves import closing as waves_closing
from survey.services.waves.sweeping import left_over
from survey.settings import Settings
from survey.web.clock import now
from survey.web.factory import create_app
from tests import cast
from tests.journeys.answering import WAVE, begin, codes_of, open_wave
from tests.kills.disk import Act, Disk
from tests.kills.power import Folder
from tests.services.rounds import SPARES

FILE: Final = "survey.db"
CLIENTS: Final = 4
CUTS_FOR_A_KILL: Final = 6
"""Power cuts that are looked at for each kill of the drill: they cost less."""


def answered(app: Flask, codes: Sequence[str], disk: Disk) -> None:
    """Answer with each code as a browser without script does; note every receipt that is shown with the thanks."""
    client = app.test_client()
    for code in codes:
        fields = begin(client, code)
        page = client.post("/s/answer", data={**fields, "play": "6", "comment": f"with {code}", "go": "send"})
        assert page.status_code == 200
        disk.note("thanked", fields["receipt"])


def recorded(settings: Settings, home: Path) -> list[Act]:
    """Have the cast answer, several at the same time, then close the wave; return what that did to the disk."""
    disk = Disk()
    with disk.watched():
        app = create_app(settings)
        opened: Engine = app.extensions["survey.engine"]
        codes = codes_of(opened, home, WAVE)
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda which: answered(app, codes[which::CLIENTS], disk), range(CLIENTS)))
        with writing(opened) as session:
            waves_closing.close(session, WAVE, now(), early=True)
        assert not left_over(opened)
        opened.dispose()
    return disk.acts


def lost(file: Path, thanked: Sequence[str]) -> bool:
    """Tell whether what was left is damaged, or does not hold an answer that was acknowledged."""
    with closing(sqlite3.connect(file)) as left:
        try:
            if left.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                return True
            (state,) = left.execute("SELECT state FROM wave").fetchone()
            hashes = left.execute("SELECT receipt_hash FROM intake UNION SELECT hash FROM receipt").fetchall()
            counted = left.execute(f"SELECT count(*) FROM {'intake' if state == 'open' else 'response'}").fetchone()  # noqa: S608 - our words
            (unspent,) = left.execute("SELECT count(*) FROM token").fetchone()
        except sqlite3.DatabaseError:
            return True
    kept = {bytes(digest) for (digest,) in hashes}
    exact = counted == (len(kept),) and (state == "closed" or len(kept) + unspent == len(cast.MEMBERS) + SPARES)
    return not (exact and {receipt_hash(WAVE, read(each) or "") for each in thanked} <= kept)


def after_cuts(before: bytes, acts: Sequence[Act], cuts: int, place: Path) -> Iterator[tuple[Path, list[str]]]:
    """Cut the power at random moments: yield the file that is left, and the receipts acknowledged before."""
    chance = random.Random(cuts)  # noqa: S311 - repeatable
    folder, thanked, done = Folder(FILE, before), [], 0
    place.mkdir()
    for moment in sorted(chance.choices(range(len(acts) + 1), k=cuts)):
        for act in acts[done:moment]:
            folder.do(act)
            thanked += [act.name] if act.what == "thanked" else []
        done = moment
        folder.cut(place, chance)
        yield place / FILE, thanked
        for file in place.iterdir():
            file.unlink()


@pytest.fixture
def take(sqlite_template: Path, home: Path, tmp_path: Path, killed: int) -> Callable[[], int]:
    """Give what lets people answer, cuts the power again and again, and returns how often an answer was lost."""
    shutil.copyfile(sqlite_template, home / FILE)
    settings = Settings.from_environment({"SURVEY_HOME": str(home)})
    engine = open_engine(settings.database_url)
    with writing(engine) as session:
        cast.load(session)
    open_wave(engine, home, WAVE, now())
    engine.dispose()

    def takes() -> int:
        before = (home / FILE).read_bytes()
        acts = recorded(settings, home)
        assert sum(act.what == "thanked" for act in acts) == len(cast.MEMBERS)
        cuts = after_cuts(before, acts, CUTS_FOR_A_KILL * killed, tmp_path / "left")
        return sum(lost(file, thanked) for file, thanked in cuts)

    return takes


def test_no_power_cut_takes_an_acknowledged_answer(take: Callable[[], int]) -> None:
    """At every moment of answering and closing: what is left opens, is whole, and holds whatever was acknowledged."""
    assert take() == 0


@pytest.mark.parametrize("weaker", ["OFF", "NORMAL", "FULL"])
def test_power_cuts_are_seen_where_sqlite_waits_less(
    take: Callable[[], int], monkeypatch: pytest.MonkeyPatch, weaker: str
) -> None:
    """With any weaker setting answers get lost: FULL does not wait until the journal is gone for good."""
    pragmas = [each for each in database.PRAGMAS if "synchronous" not in each]
    monkeypatch.setattr(database, "PRAGMAS", (*pragmas, f"PRAGMA synchronous = {weaker}"))
    assert take() > 0

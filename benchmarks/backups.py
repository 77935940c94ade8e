"""How long a backup of 100,000 answers takes, and its way back: `python -m benchmarks.backups [ANSWERS] [FROM TO]`.

FROM and TO are addresses of two empty databases; without them both are SQLite files.
"""

import datetime as dt
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.instruments.answers import encode
from survey.instruments.load import builtin
from survey.migrations import newest, upgrade
from survey.models import Wave
from survey.models.responses import Comment, Receipt
from survey.services.backups import backups, restoring
from survey.services.responses import responses
from survey.services.waves import waves

NOW = dt.datetime(2026, 11, 22, 9, 0)
UNITS = 10_000
Result = TypeVar("Result")


def timed(what: str, work: Callable[[], Result]) -> Result:
    """Do something and print how long it took."""
    start = time.perf_counter()
    result = work()
    print(f"{what:<40}{time.perf_counter() - start:8.2f} s")
    return result


def fill(url: str, answers: int) -> None:
    """Fill a database with a closed wave: an answer and a receipt for everybody, a comment for every fifth."""
    opened = open_engine(url)
    upgrade(opened)
    items = builtin().items
    with writing(opened) as session:
        days = {"opens_at": NOW - dt.timedelta(14), "closes_at": NOW}
        wave = Wave(code="2026-Q4", state="closed", instrument_id="total-motivation", instrument_version="1", **days)
        session.add(wave)
        session.flush()
        vectors = [encode(items, {item.id: 1 + (n + at) % 7 for at, item in enumerate(items)}) for n in range(49)]
        responses.keep(session, wave, ((f"T{n % UNITS}", vectors[n % 49]) for n in range(answers)))
        hashes = sorted(secrets.token_bytes(32) for _ in range(answers))
        session.bulk_insert_mappings(Receipt, [{"hash": one, "wave_id": wave.id} for one in hashes])
        texts = sorted(secrets.token_bytes(16) for _ in range(answers // 5))
        row = {"wave_id": wave.id, "coarse_unit": "T", "text": "무엇이 일을 무겁게 하는지 적어 봅니다. " * 5}
        session.bulk_insert_mappings(Comment, [{"id": one, **row} for one in texts])
    opened.dispose()


def main() -> None:
    """Fill, back up, restore, count."""
    answers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, target = f"sqlite:///{folder / 'source.db'}", f"sqlite:///{folder / 'target.db'}"
        source, target = sys.argv[2:4] or (source, target)
        fill(source, answers)
        opened, empty = open_engine(source), open_engine(target)
        upgrade(empty)
        file = folder / "all.backup"
        timed(f"backup of {answers:,} answers", lambda: backups.backup(opened, folder, file, newest(), NOW))
        print(f"{'file':<40}{file.stat().st_size / 1e6:8.1f} MB")
        timed("restore", lambda: restoring.restore(empty, folder, file, NOW, revision=newest()))
        with reading(empty) as session:
            assert len(list(responses.answer_rows(session, waves.wave(session, "2026-Q4")))) == answers
        print(f"{'memory':<40}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB")


if __name__ == "__main__":
    main()

"""All reports of a wave survive kill -9 of the process that serves: taken up again, each printed once, none half."""

import io
import signal
import zipfile
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from survey.database import writing
from survey.runs.report_files import ReportFiles
from survey.runs.reports import key
from survey.services import runs
from survey.settings import Settings
from tests.journeys.doors import WAVE, published
from tests.services.hosts import found, until
from tests.services.mail_process import free_port
from tests.services.test_runs import pass_lease, server

SOME: Final = 2
"""Reports, after which the server is killed."""


def test_a_server_that_is_killed_among_all_reports(
    engine: Engine, environment: dict[str, str], settings: Settings, home: Path
) -> None:
    """The next server goes on by itself: what was kept stays as it is, the rest is printed, and the page says so."""
    results, wanted = published(engine, home), key(WAVE, "ko")
    files = ReportFiles(settings, results, ("ko",))
    with writing(engine) as session:
        assert runs.ask(session, wanted)
    with server(environment, free_port()) as process:
        until(lambda: files.made().done >= SOME)
        process.send_signal(signal.SIGKILL)
    before = {name: _as_written(home / "reports" / name) for name in files.store.names()}
    assert len(before) >= SOME
    pass_lease(engine)
    with server(environment, free_port()):
        until(lambda: not found(engine, wanted).running)
    assert str((found(engine, wanted).outcome or ("", ""))[1]) == f"All {len(results.units)} reports are ready."
    assert {name: _as_written(home / "reports" / name) for name in before} == before
    with zipfile.ZipFile(io.BytesIO(b"".join(files.zip()))) as archive:
        assert len(set(archive.namelist())) == len(results.units)
        for name in archive.namelist():
            assert archive.read(name).rstrip().endswith(b"%%EOF")


def _as_written(path: Path) -> tuple[int, int, int]:
    """Return what would change if a file were written again."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size

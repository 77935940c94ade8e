"""Files are made by children that may end in any way: somebody is told why, and nothing lies around afterwards."""

import io
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from reports import handout
from reports.child import FULL, Limits
from reports.pool import Frozen
from reports.store.folder import Folder
from reports.wanted import Results, Table
from reports.workbook.book import table, workbook
from reports.workbook.view import View
from survey.i18n import Refused
from tests.reports import company

EVERYTHING = frozenset(unit.code for unit in company.publication().units)
SHORT_OF_DISK = """
import resource, sys
from reports import handout
from reports.wanted import Table
from survey.i18n import Refused
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
if __name__ == "__main__":
    try:
        handout.made(Table("s", ["heading"], [["x" * 50 + str(place)] for place in range(2000)]))
    except Refused as refused:
        print(refused)
"""


@dataclass(frozen=True)
class Endless:
    """A file that leaves pieces on the disk and is never finished."""

    def make(self) -> bytes:
        """Go on for ever."""
        (Path(tempfile.gettempdir()) / "piece").write_text("half")
        while True:
            pass


@dataclass(frozen=True)
class Huge:
    """A file that needs more memory than a child has."""

    def make(self) -> bytes:
        """Take three gigabytes."""
        return b"x" * (3 * 2**30)


def results(language: str = "ko") -> Results:
    """Return what asks for the workbook of the company made by hand."""
    return Results(Frozen(*company.publication().frozen()), "xlsx", language, EVERYTHING)


def test_a_child_makes_the_same_file() -> None:
    """What comes out of the child is, byte for byte, what this process would have written."""
    publication = company.publication()
    view = View(publication, "ko", EVERYTHING)
    assert handout.made(results()) == workbook(view)
    assert Results(results().frozen, "csv", "ko", EVERYTHING).make() == table(view)


def test_a_large_file_is_made_once(tmp_path: Path) -> None:
    """The second reader gets the kept file; another language, reader or kind is another file; the owner's only."""
    store, name = Folder(tmp_path / "reports"), results().place()
    first = handout.kept(results(), store, name)
    file = store.root / name
    assert file.read_bytes() == first
    assert file.stat().st_mode & 0o077 == 0
    file.write_bytes(b"kept")
    assert handout.kept(results(), store, name) == b"kept"
    others = {
        results("en"),
        Results(results().frozen, "csv", "ko", EVERYTHING),
        Results(results().frozen, "xlsx", "ko", frozenset({"LAB"})),
    }
    assert len({name, *(other.place() for other in others)}) == 4


@pytest.mark.parametrize(("wanted", "limits"), [(Endless(), Limits(seconds=0.5)), (Huge(), Limits())])
def test_a_file_that_eats_time_or_memory_is_refused(
    wanted: Endless | Huge, limits: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader is told so in a sentence, and the pieces of the file are gone with the child."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(Refused, match="more time or memory"):
        handout.made(wanted, limits)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_and_left_clean(tmp_path: Path) -> None:
    """Where a file cannot be finished its reader hears that the disk is full, and no piece of it stays."""
    script = tmp_path / "short.py"
    script.write_text(SHORT_OF_DISK)
    folder = tmp_path / "pieces"
    folder.mkdir()
    run = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-B", str(script)],
        env={**os.environ, "TMPDIR": str(folder), "PYTHONPATH": str(Path.cwd())},
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.strip() == FULL.text
    assert list(folder.iterdir()) == []


def test_a_server_that_is_killed_leaves_no_piece_of_a_file(tmp_path: Path) -> None:
    """The child that it leaves behind removes what there is before it ends."""
    script = "from reports import handout; from tests.reports.test_handout import Endless; handout.made(Endless())"
    with subprocess.Popen([sys.executable, "-c", script], env={**os.environ, "TMPDIR": str(tmp_path)}) as server:  # noqa: S603 - our own interpreter
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob("survey-file-*/piece")) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert list(tmp_path.glob("survey-file-*/piece"))
        server.kill()
    while list(tmp_path.glob("survey-file-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(tmp_path.glob("survey-file-*")) == []


def test_a_file_that_cannot_be_kept_is_handed_out(tmp_path: Path) -> None:
    """Where the folder of kept files cannot be written, the reader gets the file all the same."""
    (tmp_path / "reports").write_text("a file where a folder should be")
    assert handout.kept(results(), Folder(tmp_path / "reports"), results().place()) == handout.made(results())


def test_when_all_hands_are_full_a_reader_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can hold up those who answer by asking for many files at once."""
    monkeypatch.setattr(handout, "PATIENCE", 0.01)
    with ExitStack() as full:
        for _ in range(handout.AT_ONCE):
            full.enter_context(handout._turns.take())
        with pytest.raises(Refused, match="in a minute"):
            handout.made(results())


def test_all_processes_of_a_machine_make_two_files_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns are taken among all that serve one installation; those of a process that is killed are free again."""
    holding = f"""
import sys, contextlib, pathlib
from survey import turns
with contextlib.ExitStack() as held:
    had = [held.enter_context(turns.one_of(pathlib.Path({str(tmp_path)!r}), "making", 2, 0)) for _ in range(3)]
    print(had, flush=True)
    sys.stdin.read()
"""
    made = handout.Turns("making", 2)
    made.share(tmp_path)
    monkeypatch.setattr(handout, "PATIENCE", 0.01)
    with subprocess.Popen([sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:  # noqa: S603 - our own words
        assert other.stdout is not None
        assert other.stdout.readline() == b"[True, True, False]\n"
        with pytest.raises(Refused, match="in a minute"), made.take():
            pass
        other.kill()
    with made.take(), made.take(), pytest.raises(Refused, match="in a minute"), made.take():
        pass


def test_a_home_that_is_gone_keeps_nobody_from_a_file(tmp_path: Path) -> None:
    """Where no turn can be noted, a process counts its own."""
    made = handout.Turns("making", 1)
    made.share(tmp_path / "gone")
    with made.take():
        assert not (tmp_path / "gone").exists()


def test_a_table_keeps_every_cell_as_text() -> None:
    """Zeros at the front stay, and nothing is a formula."""
    data = handout.made(Table("roster", ["number", "name"], [["007", "=1+1"], ["0", "+A"]]))
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(min_row=2) for cell in row]
    assert [cell.value for cell in cells] == ["007", "=1+1", "0", "+A"]
    assert {cell.data_type for cell in cells} == {"s"}

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from reports import handout
from reports.child import Limits
from reports.pdf import render
from reports.pool import Frozen, Job, _Slot, place, render_all, render_one
from reports.store.folder import Folder
from reports.store.names import checked
from reports.wanted import Results
from survey.i18n import Refused
from tests.reports import company, reading

FROZEN = Frozen(*company.publication().frozen())
JOBS = [Job(code, language) for code in ("LAB", "SHOP") for language in ("ko", "en")]


def children(of: int | None = None) -> list[int]:
    """Return the processes that this one (or another) started."""
    tasks = Path(f"/proc/{of or 'self'}/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


def workers(of: int | None = None) -> list[int]:
    """Return those of them that print (spawned workers, not multiprocessing's helper)."""
    return [pid for pid in children(of) if b"spawn_main" in of_process(pid, "cmdline")]


def of_process(pid: int, file: str) -> bytes:
    """Return what the system tells of a process; nothing of one that has just ended."""
    try:
        return Path(f"/proc/{pid}/{file}").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def test_a_run_prints_what_is_missing_and_keeps_what_is_there(tmp_path: Path) -> None:
    """Every report lands in its file; a second run prints nothing; a lost one comes back, same bytes in any process."""
    seen: list[tuple[int, int]] = []
    store = Folder(tmp_path)
    outcome = render_all(FROZEN, JOBS, store, lambda done, of: seen.append((done, of)), slots=2)
    assert (outcome.printed, outcome.kept, outcome.set_aside) == (4, 0, [])
    assert seen == [(done, 4) for done in range(5)]
    files = {job: store.read(place(FROZEN.digest, job)) for job in JOBS}
    assert all(content.startswith(b"%PDF-1.7") for content in files.values())
    assert render_all(FROZEN, JOBS, store).kept == 4
    (tmp_path / place(FROZEN.digest, JOBS[0])).unlink()
    assert render_all(FROZEN, JOBS, store, slots=1).printed == 1
    assert store.read(place(FROZEN.digest, JOBS[0])) == files[JOBS[0]]
    assert not list(tmp_path.rglob("*.part"))
    assert files[JOBS[0]] == render(company.publication(), "LAB", "ko")


def test_files_are_the_owners_only(tmp_path: Path) -> None:
    """Reports on disk can be read by the account that serves them and by nobody else."""
    pdf = render_one(FROZEN, Job("LAB", "ko"), Folder(tmp_path / "reports"))
    kept = list((tmp_path / "reports").rglob("*"))
    assert len(kept) == 3
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "reports", *kept))
    assert "연구팀" in reading.text(pdf)


def test_a_record_that_was_changed_is_told_as_such(tmp_path: Path) -> None:
    """Neither time nor memory is blamed for it, whoever waits for one report or for all of them."""
    changed = FROZEN.record.replace("연구팀".encode(), "영업팀".encode(), 1)
    assert changed != FROZEN.record
    with pytest.raises(Refused, match="changed after it was made"):
        render_one(Frozen(changed, FROZEN.digest), Job("LAB", "ko"), Folder(tmp_path))
    with pytest.raises(Refused, match="changed after it was made"):
        handout.made(Results(Frozen(changed, FROZEN.digest), "csv", "ko", frozenset({"LAB"})))


@pytest.mark.parametrize("limits", [Limits(seconds=0.01), Limits(memory=150 * 2**20)])
def test_a_report_that_eats_time_or_memory_is_set_aside(tmp_path: Path, limits: Limits) -> None:
    """The worker ends, the report is tried once more, then set aside with its reason; nothing is left half written."""
    outcome = render_all(FROZEN, [Job("SALES", "ko")], Folder(tmp_path), slots=1, limits=limits)
    assert [aside.job.code for aside in outcome.set_aside] == ["SALES"]
    assert "out of time or memory" in outcome.set_aside[0].why
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_report_that_cannot_be_made_does_not_stop_the_others(tmp_path: Path) -> None:
    """A unit that the publication does not have is told; the next report is printed by the same worker."""
    outcome = render_all(FROZEN, [Job("NOWHERE", "ko"), Job("LAB", "ko")], Folder(tmp_path), slots=1)
    assert outcome.printed == 1
    assert [aside.why for aside in outcome.set_aside] == ["KeyError: 'NOWHERE'"]
    with pytest.raises(RuntimeError, match="NOWHERE"):
        render_one(FROZEN, Job("NOWHERE", "ko"), Folder(tmp_path))


def test_a_report_that_fails_twice_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its worker dies, a fresh one tries once more, and nobody a third time; a fault of ours is tried as often."""
    tried: list[str] = []
    make = _Slot.make

    def counted(slot: _Slot, job: Job) -> bytes:
        tried.append(job.code)
        return make(slot, job)

    monkeypatch.setattr(_Slot, "make", counted)
    outcome = render_all(FROZEN, [Job("SALES", "ko")], Folder(tmp_path), slots=1, limits=Limits(seconds=0.01))
    assert (tried, len(outcome.set_aside)) == (["SALES"] * 2, 1)
    outcome = render_all(FROZEN, [Job("NOWHERE", "ko")], Folder(tmp_path), slots=1)
    assert (tried[2:], len(outcome.set_aside)) == (["NOWHERE"] * 2, 1)


def test_a_killed_worker_costs_nothing(tmp_path: Path) -> None:
    """A worker that is killed from outside is replaced and its report printed all the same."""
    before = set(workers())

    def kill() -> None:
        deadline = time.monotonic() + 30
        while not (fresh := set(workers()) - before) and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(fresh.pop(), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    outcome = render_all(FROZEN, [Job("LAB", "ko")], Folder(tmp_path), slots=1)
    killer.join()
    assert (outcome.printed, outcome.set_aside) == (1, [])


RUN = (
    "import sys; from pathlib import Path; from reports.pool import Frozen, Job, render_all;"
    "from reports.store.folder import Folder;"
    "from tests.reports import company;"
    "render_all(Frozen(*company.publication().frozen()),"
    " [Job(unit.code, 'ko') for unit in company.publication().units], Folder(Path(sys.argv[1])), slots=1)"
)


def begun(folder: Path) -> "subprocess.Popen[bytes]":
    """Start a run of its own group, and wait for its first report: it shows that the worker has been started whole."""
    run = subprocess.Popen([sys.executable, "-c", RUN, str(folder)], start_new_session=True)  # noqa: S603 - our own interpreter
    deadline = time.monotonic() + 60
    while not list(folder.rglob("*.pdf")) and time.monotonic() < deadline:
        time.sleep(0.05)
    return run


def test_workers_end_with_the_run_that_started_them(tmp_path: Path) -> None:
    """Killing a run outright leaves no worker behind that holds a publication in memory for ever."""
    with begun(tmp_path) as run:
        left = workers(run.pid)
        run.kill()
    deadline = time.monotonic() + 60
    while (left_over := [pid for pid in left if Path(f"/proc/{pid}").exists()]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left
    assert left_over == []


def test_a_run_whose_whole_group_is_killed_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Parent and workers are killed at once: what was kept is whole and stays; the rest is printed, and no more."""
    with begun(tmp_path) as run:
        os.killpg(run.pid, signal.SIGKILL)
    store, jobs = Folder(tmp_path), [Job(unit.code, "ko") for unit in company.publication().units]
    before = {name: store.read(name) for name in store.names()}
    assert before
    assert all(content.rstrip().endswith(b"%%EOF") for content in before.values())
    seen: list[tuple[int, int]] = []
    outcome = render_all(FROZEN, jobs, store, lambda done, of: seen.append((done, of)))
    assert seen[0] == (len(before), len(jobs))  # what is there is not printed again
    assert (outcome.kept, outcome.printed, outcome.set_aside) == (len(before), len(jobs) - len(before), [])
    assert {name: store.read(name) for name in before} == before
    assert store.names() == {place(FROZEN.digest, job) for job in jobs}


def test_the_web_process_never_imports_what_writes_files() -> None:
    """All of `survey serve` is loaded, and nothing that prints, writes workbooks or makes slides."""
    script = (
        "import sys, survey.app, survey.web.factory;"
        "print([name for name in ('weasyprint', 'xlsxwriter', 'pptx', 'lxml', 'openpyxl') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)  # noqa: S603 - our own interpreter
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("code", ["../../x", "a/b", ".", "", "한빛", "x" * 65])
def test_no_unit_code_leaves_the_folder(code: str) -> None:
    """A code that is no plain name is kept under its hash."""
    path = Path(checked(place("a" * 64, Job(code, "ko"))))
    assert path.parent == Path("aaaaaaaaaaaa/ko")
    assert len(path.name) < 60

import errno
import io
import itertools
import os
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reports.archive import Entry, pieces
from reports.pool import Frozen, Job, forget_others, place, render_all, there
from reports.store import Store, store_of
from reports.store.bucket import Bucket
from reports.store.folder import LEFT_AFTER, Folder
from survey.i18n import Refused
from survey.settings import Settings, SettingsError
from tests.reports import company, s3

NAME = "3f2a/ko/SALES-1c9d.pdf"
_numbers = itertools.count()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Run one service for all tests here."""
    with s3.service() as found:
        yield found


@pytest.fixture
def bucket(address: str, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """Give a part of a bucket that no other test uses."""
    s3.settle(monkeypatch, address)
    number = next(_numbers)
    if number == 0:
        s3.make_bucket()
    return Bucket(s3.BUCKET, f"test/{number}")


@pytest.fixture(params=["folder", "bucket", "folder without links"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Give an empty store of each kind."""
    if request.param == "bucket":
        found: Store = request.getfixturevalue("bucket")
        return found
    if request.param == "folder without links":
        monkeypatch.setattr(Path, "hardlink_to", _no_links)
    return Folder(tmp_path / "reports")


def _no_links(path: Path, target: Path) -> None:
    raise OSError(errno.ENOTSUP, "Operation not supported", str(path), None, str(target))


def test_what_is_kept_can_be_found_read_and_forgotten(store: Store) -> None:
    """A file is there once it is kept, and only under its name; a prefix takes all below it and nothing beside it."""
    assert (store.has(NAME), store.names(), store.heads()) == (False, set(), set())
    with pytest.raises(FileNotFoundError):
        store.read(NAME)
    for name in (NAME, "3f2a/en/SALES-1c9d.pdf", "3f2ab/ko/LAB-1c9d.pdf"):
        assert store.keep(name, name.encode())
    assert store.read(NAME) == NAME.encode()
    assert store.names("3f2a/") == {NAME, "3f2a/en/SALES-1c9d.pdf"}
    assert store.names("3f2a/ko/") == {NAME}
    assert store.heads() == {"3f2a", "3f2ab"}
    store.forget("3f2a/")
    assert store.names() == {"3f2ab/ko/LAB-1c9d.pdf"}
    assert not store.has(NAME)


def test_the_first_one_keeps_it(store: Store) -> None:
    """A second file of a name changes nothing, and is told so."""
    assert store.keep(NAME, b"first")
    assert not store.keep(NAME, b"second")
    assert store.read(NAME) == b"first"


@pytest.mark.parametrize("kind", ["folder", "bucket"])
def test_of_many_at_once_one_keeps_it(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Twelve writers offer the same five names at the same time: one of them is told that it kept each."""
    store: Store = Folder(tmp_path) if kind == "folder" else request.getfixturevalue("bucket")
    names = [f"3f2a/ko/{number}.pdf" for number in range(5)]
    with ThreadPoolExecutor(max_workers=12) as writers:
        told = list(writers.map(lambda name: store.keep(name, name.encode()), names * 12))
    assert sum(told) == len(names)
    assert store.names() == set(names)
    assert all(store.read(name) == name.encode() for name in names)


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../b", "a//b", "", ".part", "a/.hidden", "a\\b", "한빛"])
def test_no_name_leads_out_of_the_store(store: Store, name: str) -> None:
    """What is no plain name is refused before anything is asked."""
    for act in (store.has, store.read, lambda name: store.keep(name, b"")):
        with pytest.raises(ValueError, match="no file"):
            act(name)


def test_nothing_is_emptied_by_a_slip(store: Store) -> None:
    """Nobody forgets everything, or half of a name."""
    store.keep(NAME, b"kept")
    for prefix in ("", "3f2"):
        with pytest.raises(ValueError, match=r"emptied|slash"):
            store.forget(prefix)
    assert store.has(NAME)


def test_what_is_told_no_more_goes_and_what_is_not_ours_stays(store: Store) -> None:
    """Beside the reports may lie what a disk or another program keeps there: it is no report that was withdrawn."""
    job = Job("LAB", "ko")
    gone, told = place("a" * 64, job), place("b" * 64, job)
    for name in (gone, told, "backups/survey.backup", "2026/ko/plan.pdf"):
        store.keep(name, b"kept")
    if isinstance(store, Folder):
        (store.root / "lost+found").mkdir()
        (store.root / ".Trash").mkdir()
    forget_others(store, {"b" * 64})
    assert store.names() == {told, "backups/survey.backup", "2026/ko/plan.pdf"}


def test_two_units_never_share_a_file() -> None:
    """Nor on a disk of a Mac or a shared drive, where two names that differ in their case are one."""
    codes = ("shop", "SHOP", "Shop", "영업", "../SHOP", "SHOP.", b"shop".hex())
    assert len({place("a" * 64, Job(code, "ko")).casefold() for code in codes}) == len(codes)


def test_names_come_in_pages(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bucket answers in pages; names and forgetting go through all of them."""
    monkeypatch.setattr("reports.store.bucket.AT_A_TIME", 10)
    names = {f"3f2a/ko/{number}.pdf" for number in range(25)}
    for name in names:
        bucket.keep(name, b"%PDF")
    assert bucket.names("3f2a/") == names
    bucket.forget("3f2a/")
    assert bucket.names() == set()


def test_a_killed_writer_leaves_nothing(tmp_path: Path) -> None:
    """A piece is never a file; it goes when it is an hour old, and not while its writer may be at work."""
    store = Folder(tmp_path)
    store.keep(NAME, b"whole")
    script = (
        "import os, sys, pathlib, reports.store.folder as folder;"
        "folder._named = lambda piece, path: os.kill(os.getpid(), 9);"
        f"folder.Folder(pathlib.Path(sys.argv[1])).keep({NAME.replace('SALES', 'LAB')!r}, b'half')"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)  # noqa: S603 - our own interpreter
    assert killed.returncode == -9
    [piece] = tmp_path.rglob("*.part")
    assert piece.stat().st_mode & 0o077 == 0
    assert store.names() == {NAME}
    assert piece.exists()
    long_ago = time.time() - LEFT_AFTER - 60
    os.utime(piece, (long_ago, long_ago))
    assert store.names() == {NAME}
    assert not piece.exists()
    assert store.read(NAME) == b"whole"


def test_a_link_whose_answer_was_lost_is_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of files that is asked twice says that the name is taken, by ourselves: it was kept by this call."""
    link = Path.hardlink_to

    def twice(path: Path, target: Path) -> None:
        link(path, target)
        link(path, target)

    monkeypatch.setattr(Path, "hardlink_to", twice)
    assert Folder(tmp_path).keep(NAME, b"%PDF")
    assert not Folder(tmp_path).keep(NAME, b"%PDF")


def test_a_folder_says_what_hinders(tmp_path: Path) -> None:
    """A file where the folder should be is told in words, with the place."""
    (tmp_path / "reports").write_text("a file", "utf-8")
    with pytest.raises(Refused, match=r"reports cannot be read or written \(File exists\)"):
        Folder(tmp_path / "reports").keep(NAME, b"%PDF")
    with pytest.raises(Refused, match=r"reports cannot be read or written \(Not a directory\)"):
        Folder(tmp_path / "reports").forget("3f2a/")
    Folder(tmp_path).forget("3f2a/")  # what is gone already is gone


def test_a_report_is_made_once_by_two_runs(bucket: Bucket) -> None:
    """Two runs with the same bucket, as on two machines: together they keep each report once, with the same bytes."""
    frozen = Frozen(*company.publication().frozen())
    jobs = [Job(code, "ko") for code in ("LAB", "SHOP")]
    other = Bucket(bucket.bucket, bucket.prefix)
    with ThreadPoolExecutor(max_workers=2) as hosts:
        runs = [hosts.submit(render_all, frozen, jobs, store, slots=1) for store in (bucket, other)]
        outcomes = [run.result() for run in runs]
    assert sum(outcome.printed for outcome in outcomes) == 2
    assert sum(outcome.kept for outcome in outcomes) == 2
    assert there(bucket, frozen.digest, jobs) == set(jobs)
    assert bucket.read(place(frozen.digest, jobs[0])).startswith(b"%PDF-1.7")
    forget_others(bucket, {"0" * 64})
    assert bucket.names() == set()


def test_an_archive_is_made_of_a_bucket(bucket: Bucket) -> None:
    """Pieces of reports that lie in a bucket make a whole ZIP; one that is missing is not passed over."""
    entries = []
    for number in range(30):
        kept = f"3f2a/ko/{number}.pdf"
        bucket.keep(kept, bytes([number]) * 1000)
        entries.append(Entry(kept, "ko", number, f"{number}팀"))
    content = io.BytesIO(b"".join(pieces(bucket, "2026-Q4", "2026-11-13", entries)))
    with zipfile.ZipFile(content) as archive:
        assert archive.testzip() is None
        assert [archive.read(name)[0] for name in archive.namelist()] == list(range(30))
        # Sizes stand before each file and not behind it, which not every reader understands.
        assert not any(info.flag_bits & 0x08 for info in archive.infolist())
    with pytest.raises(FileNotFoundError):
        list(pieces(bucket, "2026-Q4", "2026-11-13", [Entry("3f2a/ko/none.pdf", "ko", 1, "없음")]))


def test_a_large_archive_takes_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    """Reports go through and do not stay: ten times as many hold no more of them at once."""
    store = Folder(tmp_path)
    store.keep(NAME, bytes(200_000))

    def most(reports: int) -> int:
        entries = [Entry(NAME, "ko", number, f"{number}팀") for number in range(reports)]
        tracemalloc.start()
        try:
            size = sum(map(len, pieces(store, "2026-Q4", "2026-11-13", entries)))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            assert size > reports * 200_000

    assert most(400) < most(40) + 2_000_000


def test_the_setting_chooses(tmp_path: Path) -> None:
    """Nothing said is the folder in the home; a path is that folder; an address of S3 is a bucket; a slip is told."""

    def chosen(reports: str) -> Store:
        return store_of(Settings.from_environment({"SURVEY_HOME": str(tmp_path), "SURVEY_REPORTS": reports}))

    found = chosen("")
    assert isinstance(found, Folder)
    assert found.root == tmp_path / "reports"
    assert chosen("") is found
    shared = chosen("/mnt/shared/reports")
    assert isinstance(shared, Folder)
    assert shared.root == Path("/mnt/shared/reports")
    for address, prefix in (("s3://company-survey", ""), ("s3://company-survey/a/b/", "a/b/")):
        bucket = chosen(address)
        assert isinstance(bucket, Bucket)
        assert (bucket.bucket, bucket.prefix) == ("company-survey", prefix)
    for slip in ("s3://", "s3://Company", "s3://company-survey/a b"):
        with pytest.raises(SettingsError, match="must be a folder or s3://BUCKET/PREFIX"):
            chosen(slip)


def test_a_folder_alone_never_loads_the_library(tmp_path: Path) -> None:
    """An installation without a bucket pays nothing for it."""
    script = (
        "import sys, pathlib; from reports.store.folder import Folder; import reports.store;"
        f"Folder(pathlib.Path(sys.argv[1])).keep({NAME!r}, b'x');"
        "print([name for name in ('boto3', 'botocore') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True, capture_output=True, text=True)  # noqa: S603 - our own interpreter
    assert found.stdout.strip() == "[]"

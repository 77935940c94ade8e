import resource
import zipfile
from pathlib import Path

import pytest

from reports.archive import Entry, file_name, pieces, write
from reports.store.folder import Folder


def entries(store: Folder) -> list[Entry]:
    """Return two reports in two languages."""
    found = []
    for language in ("ko", "en"):
        for place, name in ((2, "영업 2팀"), (1, "한빛상사")):
            kept = f"{language}-{place}.pdf"
            store.keep(kept, f"{language} {place}".encode())
            found.append(Entry(kept, language, place, name))
    return found


def written(target: Path) -> None:
    """Write them to a file."""
    store = Folder(target.parent / "kept")
    write(target, pieces(store, "2026-Q3", "2026-09-14", entries(store)))


def test_the_archive_is_stored_sorted_and_flagged(tmp_path: Path) -> None:
    """Nothing is compressed twice; names sort by language and place; Hangul is flagged as UTF-8."""
    target = tmp_path / "all.zip"
    written(target)
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "en/0001 한빛상사 2026-Q3.pdf",
            "en/0002 영업 2팀 2026-Q3.pdf",
            "ko/0001 한빛상사 2026-Q3.pdf",
            "ko/0002 영업 2팀 2026-Q3.pdf",
        ]
        assert all(info.compress_type == zipfile.ZIP_STORED for info in archive.infolist())
        assert all(info.flag_bits & 0x800 for info in archive.infolist())
        assert archive.read("ko/0002 영업 2팀 2026-Q3.pdf") == b"ko 2"


def test_the_same_reports_make_the_same_archive(tmp_path: Path) -> None:
    """Dates come from the wave, so that two archives of the same files are identical."""
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    for target in (first, second):
        written(target)
    assert first.read_bytes() == second.read_bytes()
    assert not list(tmp_path.glob("*.part"))


def test_no_name_leaves_the_folder() -> None:
    """Slashes, dots, control and direction marks, and very long names become plain file names."""
    assert file_name(1, "../../etc/passwd", "w") == "0001 etc passwd w.pdf"
    assert file_name(1, "a\u202eb\x00c", "w") == "0001 a b c w.pdf"
    assert file_name(1, "...", "w") == "0001 - w.pdf"
    assert len(file_name(9999, "가" * 200, "2026-Q3").encode()) < 255
    assert file_name(1, "\u1100\u1161", "w") == "0001 가 w.pdf"


def test_a_full_disk_leaves_no_piece_of_an_archive(tmp_path: Path) -> None:
    """What was begun goes, since room is what is needed; an older archive stays as it was."""
    target = tmp_path / "all.zip"
    written(target)
    before = target.read_bytes()
    (tmp_path / "kept" / "ko-2.pdf").write_bytes(bytes(100_000))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))  # no file may grow beyond, as on a full disk
    try:
        with pytest.raises(OSError, match="File too large"):
            written(target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert target.read_bytes() == before
    assert not list(tmp_path.glob("*.part"))

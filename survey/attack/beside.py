"""What lies beside the database: journals, copies, logs, keys, and who may read the folder."""

import datetime as dt
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from survey.attack.finding import Finding, Occasion, either
from survey.attack.sqlite_pages import SqliteFile
from survey.attack.target import Row, Target
from survey.i18n import Sentence
from survey.services.invitations import codes, issue_key

JOURNALS: Final = ("-wal", "-shm", "-journal")
LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a file that are read."""
CODE: Final = re.compile(rb"(?<![0-9A-Z])(?:[0-9A-HJKMNP-TV-Z]{4}-?){3}[0-9A-HJKMNP-TV-Z]{4}(?![0-9A-Z])")
BROWSER: Final = re.compile(rb"Mozilla/\d|AppleWebKit/|Chrome/\d|Firefox/\d|Safari/\d")
ADDRESS: Final = re.compile(
    rb"(?<![\d.])(?!127\.)(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}"
)
VISIT: Final = re.compile(rb"(?:GET|POST) /(?:s|receipt|profile)\b")
PRINTED: Final = frozenset({".pdf", ".zip", ".xlsx", ".pptx", ".png", ".svg"})
LETTERS: Final = "letters"
"""Folder of letters that no mail server takes: they hold codes, as in any mailbox."""
OF_THE_DEMO: Final = "sign-ins.json"
"""The demo company writes codes to try into this file."""
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def attack(target: Target, occasion: Occasion) -> Iterator[Finding]:
    """Search the installation's folder and the database's neighbours."""
    if target.path is not None:
        yield _journals(target.path)
    if target.home is None or target.keys is None:
        yield Finding(
            "untried", Sentence("Only the database was given: logs, keys and other files were not looked at.")
        )
        return
    yield either(
        len(copies(target)),
        Sentence("%(count)s copies of the database lie in the folder, with answers as they arrived or codes in them."),
        Sentence("No copy of the database with answers as they arrived or codes in it lies in the folder."),
    )
    yield from _logs(target, target.home)
    yield from _keys(target, target.keys, occasion.now)
    yield _modes({target.home, target.keys})


def copies(target: Target) -> list[Path]:
    """Return the SQLite files in the folder, the database itself left out, that hold arrivals or codes."""
    found = []
    folders = {folder for folder in (target.home, target.keys) if folder is not None}
    for path in sorted({path for folder in folders for path in _files(folder)}):
        content = _start(path)
        if path != target.path and content.startswith(b"SQLite format 3\0") and _holds_arrivals(content):
            found.append(path)
    return found


def leaks(home: Path, waves: list[str], *, demo: bool = False) -> dict[str, set[str]]:
    """Return by kind (codes, browsers, addresses, visits) the names of the files in which such a thing stands."""
    found: dict[str, set[str]] = {"codes": set(), "browsers": set(), "addresses": set(), "visits": set()}
    for path in _files(home):
        name, content = path.relative_to(home), _start(path)
        if (
            name.parts[0] in {LETTERS, "keys", OF_THE_DEMO if demo else LETTERS}
            or path.suffix in PRINTED
            or b"SQLite format 3\0" in content[:16]
        ):
            continue
        kinds = {
            "codes": any(_is_code(match, waves) for match in CODE.findall(content)),
            "browsers": BROWSER.search(content),
            "addresses": ADDRESS.search(content),
            "visits": VISIT.search(content),
        }
        for kind in [kind for kind, there in kinds.items() if there]:
            found[kind].add(str(name))
    return found


def _logs(target: Target, home: Path) -> Iterator[Finding]:
    waves = [str(row["code"]) for row in target.rows("SELECT code FROM wave WHERE state <> 'draft'")]
    demo = any(row["demo"] for row in target.rows("SELECT demo FROM company"))
    found = leaks(home, waves, demo=demo)
    for kind, what in (
        ("codes", Sentence("codes of people")),
        ("browsers", Sentence("browsers")),
        ("addresses", Sentence("network addresses")),
        ("visits", Sentence("visits of the survey's pages")),
    ):
        yield either(
            len(found[kind]),
            Sentence(
                "Files that tell of %(what)s: %(files)s.", {"what": what, "files": ", ".join(sorted(found[kind]))}
            ),
            Sentence("No file tells of %(what)s.", {"what": what}),
        )


def _keys(target: Target, folder: Path, now: dt.datetime) -> Iterator[Finding]:
    states = {str(row["code"]): row for row in target.rows("SELECT code, state, seal_key FROM wave")}
    here = {path.stem: path for path in (folder / "keys").glob("*.key")}
    stale = [
        wave
        for wave, path in here.items()
        if wave not in states
        or states[wave]["state"] != "open"
        or now - dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).replace(tzinfo=None) > issue_key.LIFE
    ]
    yield either(
        len(stale),
        Sentence("Issue keys that should be destroyed lie here: %(waves)s.", {"waves": ", ".join(sorted(stale))}),
        Sentence("No issue key is older than 48 hours or of a wave that is not open."),
    )
    past = sorted(
        f"{path.parent.name}/{path.stem}"
        for path in (folder / "keys" / "backup").glob("*/*.key")
        if path.stem not in states or path.parent.name != _stage(states[path.stem])
    )
    yield either(
        len(past),
        Sentence("Keys of older backups that should be destroyed lie here: %(keys)s.", {"keys": ", ".join(past)}),
        Sentence("No key lies here that opens what a backup holds of an earlier stage of a wave."),
    )


def _stage(wave: Row) -> str:
    if wave["state"] == "open":
        return "open"
    return "sealed" if wave["seal_key"] is not None else "kept"


def _modes(folders: set[Path]) -> Finding:
    open_folders = [folder for folder in sorted(folders) if folder.stat().st_mode & OTHERS]
    found = {path: folder for folder in open_folders for path in _files(folder) if path.stat().st_mode & OTHERS}
    open_to_others = sorted(found)
    names = ", ".join(str(path.relative_to(found[path])) for path in open_to_others[:8])
    return either(
        len(open_to_others),
        Sentence("Other users of this machine may open %(count)s files: %(files)s.", {"files": names}),
        Sentence("No other user of this machine may open a file of the installation."),
    )


def _journals(path: Path) -> Finding:
    there = [suffix for suffix in JOURNALS if path.with_name(path.name + suffix).exists()]
    if there == ["-journal"]:
        return Finding(
            "possible",
            Sentence(
                "A rollback journal lies beside the database: somebody writes at this moment, or a write was cut off. "
                "It holds pages as they were before, and goes with the next write."
            ),
        )
    return either(
        len(there),
        Sentence("A write-ahead log lies beside the database and keeps the order of answers."),
        Sentence("No journal lies beside the database. What the disk itself keeps of deleted ones was not looked at."),
    )


def _files(home: Path | None) -> Iterator[Path]:
    for path in sorted(home.rglob("*")) if home is not None else ():
        if path.is_file() and not path.is_symlink():
            yield path


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST)


def _holds_arrivals(content: bytes) -> bool:
    """Tell whether a SQLite file has rows in the tables of arrivals and codes."""
    file = SqliteFile(content)
    roots = {str(cell.values[1]): cell.values[3] for cell in file.cells(1) if cell.values[0] == "table"}
    return any(
        next(iter(file.cells(root)), None) is not None
        for name in ("intake", "token", "spare")
        if isinstance(root := roots.get(name), int)
    )


def _is_code(found: bytes, waves: list[str]) -> bool:
    code = codes.read(found.decode())
    return code is not None and any(codes.belongs_to(code, wave) for wave in waves)

"""What a power cut may leave of what was done to a disk (tests/kills/disk.py).

What was synced is there. Of what was written since then any part is, sector by sector, in any order; files that were
made and removed since the folder was synced are, or are not, in their order, as on file systems that keep a journal.
"""

import random
from itertools import pairwise
from pathlib import Path
from typing import Final

from tests.kills.disk import Act

SECTOR: Final = 512
"""Bytes that a disk writes whole."""


class File:
    """A file: what is safe, and what was done to it since."""

    def __init__(self, safe: bytes = b"", *, made: bool = False) -> None:
        self.safe, self.made = safe, made
        """`made`: since the folder was synced; SQLite syncs the folder with such a file's first sync."""
        self.since: list[Act] = []

    def sync(self) -> None:
        """Make all of it safe."""
        self.safe, self.since = self.left(1.0, random.Random(0)), []  # noqa: S311 - all of it stays

    def left(self, share: float, chance: random.Random) -> bytes:
        """Return what may be there after a cut, of which this share of the unsafe sectors had arrived."""
        content = bytearray(self.safe)
        for act in self.since:
            if act.what == "truncate":
                if chance.random() < share:
                    content = content[: act.at].ljust(act.at, b"\0")
                continue
            for at, sector in _sectors(act):
                if chance.random() < share:
                    content = content.ljust(at, b"\0")
                    content[at : at + len(sector)] = sector
        return bytes(content)


class Folder:
    """A folder with the files of a database, as a disk has it."""

    def __init__(self, name: str, content: bytes) -> None:
        self.files = {name: File(content)}
        self._safe = dict(self.files)
        self._since: list[tuple[str, File | None]] = []

    def do(self, act: Act) -> None:
        """Do what was done."""
        match act.what:
            case "open":
                self.files[act.name] = File(made=True)
                self._since.append((act.name, self.files[act.name]))
            case "delete":
                del self.files[act.name]
                self._since.append((act.name, None))
            case "sync" if not act.name:
                self._sync()
            case "sync":
                file = self.files[act.name]
                file.sync()
                if file.made:
                    self._sync()
                    file.made = False
            case "write" | "truncate":
                self.files[act.name].since.append(act)

    def cut(self, where: Path, chance: random.Random) -> None:
        """Write into an empty folder what a cut at this moment leaves."""
        files = dict(self._safe)
        for name, file in self._since[: chance.randint(0, len(self._since))]:
            if file is None:
                del files[name]
            else:
                files[name] = file
        share = chance.choice((0.0, 1.0, chance.random()))
        for name, file in files.items():
            (where / name).write_bytes(file.left(share, chance))

    def _sync(self) -> None:
        self._safe, self._since = dict(self.files), []


def _sectors(act: Act) -> list[tuple[int, bytes]]:
    """Take a write apart at the borders of sectors."""
    end = act.at + len(act.content)
    borders = [act.at, *range(act.at - act.at % SECTOR + SECTOR, end, SECTOR), end]
    return [(start, act.content[start - act.at : stop - act.at]) for start, stop in pairwise(borders)]

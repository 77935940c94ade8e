"""What SQLite does to its disk, written down in its order.

SQLite reaches the disk through a table of functions (https://www.sqlite.org/c3ref/vfs.html). Those that change
something stand behind ours meanwhile: a write is noted before it is done, a sync after it.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_int64, c_void_p, cast, string_at
from pathlib import Path
from typing import Any, Final, NamedTuple

WRITE, TRUNCATE, SYNC = 2, 3, 4
"""Where these stand among the functions of a file."""

# The types of SQLite's own functions.
_OPEN: Final = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_DELETE: Final = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)
_WRITE: Final = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE: Final = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC: Final = CFUNCTYPE(c_int, c_void_p, c_int)


class _Vfs(ctypes.Structure):
    """A `sqlite3_vfs`, version 3."""

    _fields_ = (
        ("version", c_int),
        ("size", c_int),
        ("longest", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", c_void_p),
        ("delete", c_void_p),
        ("rest", c_void_p * 14),
    )


class _Methods(ctypes.Structure):
    """A `sqlite3_io_methods`, version 3."""

    _fields_ = (("version", c_int), ("functions", c_void_p * 18))


class Act(NamedTuple):
    """Something that was done: "open", "write", "truncate", "sync", "delete", and what a test notes in between."""

    what: str
    name: str
    """Of the file, without its folder."""
    at: int = 0
    """Offset of a write, size after a truncation; 1 where a deletion is synced."""
    content: bytes = b""


class Disk:
    """Stands between SQLite and its disk: `acts` fills while it does."""

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self._library: Any = ctypes.CDLL("libsqlite3.so.0")
        self._library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        self._ours: Any = _Vfs.from_buffer_copy(self._library.sqlite3_vfs_find(None).contents)
        self._names: dict[int, str] = {}
        self._tables: dict[int, tuple[_Methods, object]] = {}
        # Whatever C calls must live as long as it may be called.
        self._kept = (self._watch_open(), self._watch_delete())
        self._ours.name = b"watched"
        self._ours.open, self._ours.delete = (cast(each, c_void_p).value for each in self._kept)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch every database that this process opens from now on."""
        assert self._library.sqlite3_vfs_register(ctypes.byref(self._ours), 1) == 0
        try:
            yield
        finally:
            assert self._library.sqlite3_vfs_unregister(ctypes.byref(self._ours)) == 0

    def note(self, what: str, name: str, at: int = 0, content: bytes = b"") -> None:
        """Write something down between two acts of SQLite."""
        self.acts.append(Act(what, name, at, content))

    def _watch_open(self) -> Any:  # noqa: ANN401 - a C function
        really = _OPEN(self._ours.open)

        # SQLite keeps the pointer to the path: it is handed on as it came.
        def opens(vfs: int, path: int, file: int, flags: int, told: int) -> int:
            place = Path(string_at(path).decode())
            name, new = place.name, not place.exists()
            done = int(really(vfs, path, file, flags, told))
            table = cast(file, POINTER(c_void_p))
            if done == 0 and table[0] is not None:
                if new:
                    self.note("open", name)
                self._names[file] = name
                table[0] = ctypes.addressof(self._watching(table[0]))
            return done

        return _OPEN(opens)

    def _watch_delete(self) -> Any:  # noqa: ANN401 - a C function
        really = _DELETE(self._ours.delete)

        def deletes(vfs: int, path: int, synced: int) -> int:
            self.note("delete", Path(string_at(path).decode()).name)
            done = int(really(vfs, path, synced))
            if synced & 1:
                self.note("sync", "")
            return done

        return _DELETE(deletes)

    def _watching(self, table: int) -> _Methods:
        """Return a table of functions like that one, of which three are watched."""
        if table not in self._tables:
            made = _Methods.from_address(table)
            functions = made.functions
            ours = (self._writes(functions[WRITE]), self._truncates(functions[TRUNCATE]), self._syncs(functions[SYNC]))
            made = _Methods.from_buffer_copy(made)
            for at, each in zip((WRITE, TRUNCATE, SYNC), ours, strict=True):
                made.functions[at] = cast(each, c_void_p).value
            self._tables[table] = made, ours
        return self._tables[table][0]

    def _writes(self, function: int) -> Any:  # noqa: ANN401 - a C function
        really = _WRITE(function)

        def writes(file: int, content: int, size: int, at: int) -> int:
            self.note("write", self._names[file], at, string_at(content, size))
            return int(really(file, content, size, at))

        return _WRITE(writes)

    def _truncates(self, function: int) -> Any:  # noqa: ANN401 - a C function
        really = _TRUNCATE(function)

        def truncates(file: int, size: int) -> int:
            self.note("truncate", self._names[file], size)
            return int(really(file, size))

        return _TRUNCATE(truncates)

    def _syncs(self, function: int) -> Any:  # noqa: ANN401 - a C function
        really = _SYNC(function)

        def syncs(file: int, flags: int) -> int:
            done = int(really(file, flags))
            self.note("sync", self._names[file])
            return done

        return _SYNC(syncs)

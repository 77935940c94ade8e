"""What a file of ours is made of: the modules that make it, found by their imports, and what those read.

The process that asks must know this without loading what prints, so the sources are read and not run.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from ctypes import CDLL, c_char_p, c_int
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
OURS: Final = ("reports", "survey")
NONE: Final = "none"
_INCLUDED: Final = re.compile(r"{%-? *(?:include|import|from|extends) +[\"']([^\"']+)[\"']")


def modules(starts: Iterable[str]) -> frozenset[Path]:
    """Return the sources of modules and of all of ours that they import when they are loaded."""
    found: set[Path] = set()
    waiting = [path for start in starts for path in _paths(start)]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            tree = ast.parse(path.read_bytes())
            waiting += [source for name in _imported(tree.body) for source in _paths(name)]
    return frozenset(found)


def templates(folder: Path, start: str) -> frozenset[Path]:
    """Return a template and all that it includes."""
    found: set[Path] = set()
    waiting = [start]
    while waiting:
        path = folder / waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _INCLUDED.findall(path.read_text("utf-8"))
    return frozenset(found)


def system() -> dict[str, str]:
    """Return the versions of the system's libraries that set the pages; "none" where one is missing."""
    return {
        "pango": _version("libpango-1.0.so.0", "pango_version_string", c_char_p),
        "harfbuzz": _version("libharfbuzz.so.0", "hb_version_string", c_char_p),
        "fontconfig": _version("libfontconfig.so.1", "FcGetVersion", c_int),
    }


def _version(library: str, function: str, kind: type[c_char_p | c_int]) -> str:
    try:
        say = getattr(CDLL(library), function)
    except OSError:
        return NONE
    say.restype = kind
    found = say()
    return found.decode() if isinstance(found, bytes) else str(found)


def _imported(body: Iterable[ast.stmt]) -> Iterator[str]:
    """Give the names that statements import when a module is loaded: not those of functions, nor those for types."""
    for each in body:
        if isinstance(each, ast.Import):
            yield from (name.name for name in each.names)
        elif isinstance(each, ast.ImportFrom) and each.module:
            yield each.module
            yield from (f"{each.module}.{name.name}" for name in each.names)
        elif isinstance(each, ast.With | ast.Try):
            yield from _imported(each.body)


def _paths(name: str) -> Iterator[Path]:
    """Give the source of a module of ours and those of the packages it is in; nothing for any other name."""
    parts = name.split(".")
    if parts[0] not in OURS:
        return
    for end in range(1, len(parts) + 1):
        place = ROOT.joinpath(*parts[:end])
        yield from (path for path in (place / "__init__.py", place.with_suffix(".py")) if path.is_file())

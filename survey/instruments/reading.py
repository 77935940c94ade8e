"""A TOML file into a frozen value, and every way in which that fails as a place and a cure."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final, TypeVar, get_args, get_type_hints

import msgspec

from survey.i18n import Sentence
from survey.instruments.errors import InstrumentError

T = TypeVar("T", bound=msgspec.Struct)

WORDS: Final = {
    "str": Sentence("a text in quotes"),
    "int": Sentence("a whole number"),
    "float": Sentence("a decimal number"),
    "bool": Sentence("true or false"),
    "array": Sentence("a list"),
    "object": Sentence("a table"),
}
"""What msgspec calls the kinds of a value, in the words of someone who writes the file."""

LEAF: Final = {"str": str, "object": dict}
"""What a table's values can be wanted as; msgspec does not say which of them is at fault."""


def read(path: Path, kind: type[T]) -> T:
    """Read the file as a value of `kind`.

    Raises:
        InstrumentError: with the file's name, the place in it, and what to write instead.
    """
    try:
        return read_bytes(path.read_bytes(), path.name, kind)
    except OSError as error:
        cure = Sentence("This file cannot be read (%(reason)s).", {"reason": error.strerror})
        raise InstrumentError("", cure, path.name) from error


def read_bytes(data: bytes, file: str, kind: type[T]) -> T:
    """Read what a file called `file` holds, as `read` does; raises InstrumentError."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        raw = tomllib.loads(text)
        return msgspec.convert(raw, type=kind)
    except UnicodeDecodeError as error:
        raise InstrumentError("", Sentence("Save this file as UTF-8."), file) from error
    except tomllib.TOMLDecodeError as error:
        raise _syntax(str(error)).inside(file) from error
    except msgspec.ValidationError as error:
        raise _shape(str(error), raw, kind).inside(file) from error
    except InstrumentError as error:
        raise error.inside(file, _line(text, error.path)) from error
    except (RecursionError, ValueError) as error:
        # Lists in lists in lists, or a number of thousands of digits: neither is anything that an instrument says.
        cure = Sentence("Correct this file: it nests too deep, or holds a number that is too long.")
        raise InstrumentError("", cure, file) from error


def _line(text: str, path: str) -> int:
    r"""Return the line of an entry's field as such files are written, `[[practices]]`, `motives = ...`; 0 for none.

    >>> _line('[[practices]]\nid = "a"\n[[practices]]\nid = "b"', "practices[1].id")
    4
    """
    entry = re.match(r"(\w+)\[(\d+)\]\.(\w+)", path)
    if entry is None:
        return 0
    name, place, field = entry.groups()
    seen = -1
    for number, line in enumerate(text.splitlines(), 1):
        seen += line.strip() == f"[[{name}]]"
        if seen == int(place) and re.match(rf"\s*{field}\b\s*[.=]", line):
            return number
    return 0


def _syntax(message: str) -> InstrumentError:
    reason, _, place = message.rstrip(")").partition(" (at ")
    return InstrumentError(place, Sentence("Correct this line, it is not TOML (%(reason)s).", {"reason": reason}))


def _shape(message: str, raw: dict[str, Any], kind: type[msgspec.Struct]) -> InstrumentError:
    """Turn msgspec's message into a place and a cure."""
    reason, _, where = message.partition(" - at ")
    named = re.findall("`([^`]*)`", reason)
    wanted, found = [name.split(" ")[0] for name in [*named, "", ""][:2]]
    path = _path(where.strip("`").removeprefix("$").removeprefix("."), raw, wanted)
    if reason.startswith("Object missing"):
        return InstrumentError(_under(path, named[0]), Sentence("Add this: it is missing."))
    if reason.startswith("Object contains unknown"):
        known = ", ".join(_part(path, kind).__struct_fields__)
        cure = Sentence("Remove this or correct its name; known here are: %(known)s.", {"known": known})
        return InstrumentError(_under(path, named[0]), cure)
    if reason.startswith("Invalid enum"):
        known = ", ".join(f'"{value}"' for value in get_args(get_type_hints(_part(path, kind))[path.split(".")[-1]]))
        return InstrumentError(path, Sentence("Write one of these: %(known)s.", {"known": known}))
    if wanted in WORDS and found in WORDS:
        cure = Sentence("Write %(wanted)s here, not %(found)s.", {"wanted": WORDS[wanted], "found": WORDS[found]})
        return InstrumentError(path, cure)
    return InstrumentError(path, Sentence("Correct this value (%(reason)s).", {"reason": reason}))


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _part(path: str, kind: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """The struct that a path leads to or into: the file itself, or an entry of one of its lists."""
    name, inside, _ = path.partition("[")
    return get_args(get_type_hints(kind)[name])[0] if inside else kind


def _path(where: str, raw: dict[str, Any], wanted: str) -> str:
    """Fill in the names that msgspec leaves out: `text[...]` becomes `text.ko`."""
    known = where.partition("[...]")[0]
    value: Any = raw
    for name, place in re.findall(r"(\w+)|\[(\d+)\]", known):
        value = value[int(place) if place else name]
    names = _offender(value, where.count("[...]"), LEAF.get(wanted, object))
    return ".".join((known, *names))


def _offender(value: object, depth: int, wanted: type) -> list[str]:
    """Names of the first entry, `depth` tables down, that is not what is wanted."""
    if depth == 0 or not isinstance(value, dict):
        return []
    for name, inner in value.items():
        if depth == 1 and not isinstance(inner, wanted):
            return [name]
        if names := _offender(inner, depth - 1, wanted):
            return [name, *names]
    return []

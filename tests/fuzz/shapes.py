"""Changes that keep an input's shape, so that they get past its first line: TOML, JSON, tables, workbooks, forms."""

import csv
import io
import json
import tomllib
import zipfile
from collections.abc import Sequence
from random import Random
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from tests.fuzz.mutating import EVEN, ODD, TEXT, Change, cut, splice_tokens, turn_bytes

VALUES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1, 7, 8, 101, 256, 10**20, 1.5, -0.0, 1e308, "", "x", "5/3", "1/0", "-10", [], {}),
    *([1, 7], [[]], ["ko"], [1], {"ko": "가"}, {"en": "a", "ko": "가"}, {"": ""}, {"1": {"ko": "a", "en": "b"}}),
)
XML: Final = (
    *(b"<c/>", b"<row/>", b'<row r="1"/>', b'<row r="-3">', b'<c r="ZZZ9999999"><v>1</v></c>', b"<v>1e400</v>", b"<t>"),
    *(b"</row>", b"<f>1+1</f>", b't="s"', b't="e"', b't="inlineStr"', b't="b"', b'r="A0"', b'state="hidden"', b"&lt;"),
    *(
        b"&x;",
        b"&#0;",
        b"<![CDATA[x]]>",
        b"<!-- x -->",
        b"<?x?>",
        b"<x>" * 300,
        b'Target="../x"',
        b'Target="/"',
        b"<si/>",
    ),
    *(b'<!DOCTYPE x [<!ENTITY a "b">]>', b"<rPh>", b"</rPh>", b'xmlns="x"', b'encoding="utf-16"', b"<v>nan</v>"),
)
MOST_ROWS: Final = 400
LONGEST: Final = 130_000


def in_json(data: bytes, draw: Random) -> bytes:
    """Change one value of a JSON document."""
    try:
        facts = json.loads(data)
    except (ValueError, RecursionError):
        return splice_tokens(data, draw)
    return json.dumps(_altered(facts, draw), ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def in_toml(data: bytes, draw: Random) -> bytes:
    """Change one value of a TOML document."""
    try:
        facts = tomllib.loads(data.decode())
    except (ValueError, RecursionError):
        return splice_tokens(data, draw)
    found = _altered(facts, draw)
    if not isinstance(found, dict):
        return data
    return "\n".join(f"{_key(name)} = {toml(value)}" for name, value in found.items()).encode(errors="replace")


def toml(value: object) -> str:
    """Write a value as TOML in one line; what TOML cannot say becomes a text."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case dict():
            return "{" + ", ".join(f"{_key(str(name))} = {toml(inner)}" for name, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case _:
            return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")


def _places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, below in inner:
        found += _places(below, (*path, name))
    return found


def _altered(facts: Any, draw: Random) -> Any:  # noqa: ANN401 - whatever the document holds
    """Exchange, leave out, double or add a value somewhere."""
    places = _places(facts)
    path = draw.choice(places[1:] or places)
    if not path:
        return draw.choice(VALUES)
    around = facts
    for step in path[:-1]:
        around = around[step]
    other: Any = facts
    for step in draw.choice(places):
        other = other[step]
    match draw.randrange(6):
        case 0:
            del around[path[-1]]
        case 1:
            around[path[-1]] = json.loads(json.dumps(other))
        case 2 if isinstance(around, list):
            around.insert(draw.randrange(len(around) + 1), json.loads(json.dumps(around[path[-1]])))
        case 3 if isinstance(around, dict):
            around[draw.choice((*ODD, str(path[-1]) + "x"))] = around.pop(path[-1])
        case 4:
            around[path[-1]] = draw.choice(ODD)
        case _:
            around[path[-1]] = draw.choice(VALUES)
    return facts


def in_cells(data: bytes, draw: Random) -> bytes:
    """Change a cell, a row or a column of a CSV table."""
    text = data.decode("utf-8", errors="replace")[:LONGEST]  # shorter than a cell that Python's reader would not take
    rows = list(csv.reader(io.StringIO(text, newline="")))[:MOST_ROWS]
    rows = [row for row in rows if row] or [["unit"]]
    row = draw.randrange(len(rows))
    column = draw.randrange(len(rows[row]))
    other = draw.choice(rows)
    match draw.randrange(8):
        case 0:
            rows[row][column] = draw.choice(ODD)
        case 1:
            rows[row][column] = draw.choice(other)
        case 2:
            rows[row:row] = [list(other)] * draw.choice((1, 2, 40))
        case 3:
            del rows[row]
        case 4:
            rows[row].insert(column, draw.choice((*other, *ODD)))
        case 5:
            rows = [each[:column] + each[column + 1 :] for each in rows]
        case 6:
            rows[0], rows[row] = rows[row], rows[0]
        case _:
            rows[row][column] += draw.choice(ODD)
    made = io.StringIO()
    writer = csv.writer(made, delimiter=draw.choice((",", ",", ",", ";", "\t")), escapechar="\\")
    writer.writerows(rows)
    return made.getvalue().encode(errors="replace")


def in_form(data: bytes, draw: Random) -> bytes:
    """Change a field of a form as browsers send it."""
    fields = parse_qsl(data.decode("ascii", errors="replace"), keep_blank_values=True, max_num_fields=None)[:MOST_ROWS]
    fields = fields or [("code", "")]
    at, other = draw.randrange(len(fields)), draw.choice(fields)
    name, value = fields[at]
    fields[at] = draw.choice((
        lambda: (name, draw.choice(ODD)),
        lambda: (name, other[1]),
        lambda: (other[0], value),
        lambda: (draw.choice(ODD), value),
        lambda: (name, value + draw.choice(ODD)),
        lambda: (name, draw.choice(ODD) * draw.choice((1, 50))),
    ))()  # fmt: skip
    if draw.random() < EVEN:
        fields[at:at] = [other] * draw.choice((1, 1, 2, 60))
    return urlencode(fields, errors="replace").encode()


def in_parts(change: Change) -> Change:
    """Return what changes a part of a workbook, the list of its parts, or the archive itself."""

    def inside(data: bytes, draw: Random) -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                parts = {info.filename: archive.read(info) for info in archive.infolist()}
        except Exception:  # noqa: BLE001 - it was broken by a change before: break it more
            return turn_bytes(data, draw)
        name = draw.choice([*parts, *[each for each in parts if "sheet" in each or "workbook" in each] * 5])
        match draw.randrange(10):
            case 0:
                del parts[name]
            case 1:
                parts[draw.choice(list(parts))] = parts[name]
            case 2:
                parts[name.upper() if draw.random() < EVEN else name + "x"] = parts.pop(name)
            case 3:
                parts[name] = parts[name] + bytes(draw.choice((1, 1000, 10**6)))
            case _:
                parts[name] = change(parts[name], draw)
        method = draw.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2))
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", method) as archive:
            for part, content in parts.items():
                archive.writestr(part.replace("\0", ""), content[: 2 * 10**6])
        return made.getvalue()

    return inside


def in_xml(data: bytes, draw: Random) -> bytes:
    """Put an element or an attribute that no program writes into a part, or exchange words of it."""
    ends = [place for place, byte in enumerate(data) if byte == ord(">")] or [0]
    at, other = draw.choice(ends) + 1, draw.choice(ends) + 1
    match draw.randrange(5):
        case 0:
            return data[:at] + draw.choice(XML) + data[at:]
        case 1:
            return data[: at - 1] + b" " + draw.choice(XML) + data[at - 1 :]
        case 2:
            return data[: min(at, other)] + data[max(at, other) :]
        case 3:
            return splice_tokens(data, draw)
        case _:
            return draw.choice((turn_bytes, cut))(data, draw)


def all_of(*shapes: Change) -> Sequence[Change]:
    """Return changes of a shape, most often, and those of any text."""
    return (*shapes * max(1, 2 * len(TEXT) // len(shapes)), *TEXT)

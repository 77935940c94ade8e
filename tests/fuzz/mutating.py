"""Inputs made of good ones: bytes turned, pieces left out, doubled, exchanged. The same draw makes the same input."""

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

Change = Callable[[bytes, Random], bytes]

EDGES: Final = (0, 1, 9, 10, 13, 34, 39, 61, 91, 127, 128, 192, 239, 254, 255)
LONG: Final = 70_000
WINDOW: Final = 3_000
"""Bytes in which words are looked for."""
EVEN: Final = 0.5
NUMBERS: Final = (
    *("0", "-0", "-1", "1", "7", "8", "255", "256", "1e400", "-1e309", "nan", "inf", "1_0", "0x10", "٧", "７", "+5"),
    *("4294967296", "9" * 5_000, "1.5", "3.", ".5", "1e-400", "−3", "1,000", "0.1e1", "2026-13", "0000-00-00"),
)
TEXTS: Final = (
    *("", " ", "\0", "\t", "\n", "\r", "\r\n", "\ufeff", "\u202e", "\u2066", "\u200b", "\ufffe", "\ud7a4", "\x1b[2J"),
    *(
        "=1+1",
        "'=1",
        "＝1",
        "@x",
        "%s",
        "%(n)s",
        "%",
        "{}",
        "{unit}",
        "{unit",
        "<script>",
        "&amp;",
        "&#0;",
        "]]>",
        "${x}",
    ),
    *(
        "../..",
        "/",
        "\\",
        "..",
        "CON",
        "a" * 300,
        "한" * 300,
        "ㅎㅏㄴ",
        "🐙",
        "e\u0301" * 50,
        "ﬀ",
        "ß",
        "ı",
        "İ",
        "ǆ",
        "\u2028",
    ),
    *(
        "null",
        "None",
        "true",
        "false",
        "id",
        "SALES",
        "CO",
        "CO+",
        "ko",
        "EN",
        "play",
        "receipt",
        "code",
        "x_",
        "+",
        "a.b",
    ),
)
ODD: Final = (*NUMBERS, *TEXTS)
TOKEN: Final = re.compile(rb"[A-Za-z0-9_.-]+|[^\x00-\x7f]+|\s+|.", re.DOTALL)


def turn_bytes(data: bytes, draw: Random) -> bytes:
    """Turn a few bytes into others, one bit or altogether."""
    changed = bytearray(data or b"\0")
    for _ in range(draw.choice((1, 1, 2, 4, 16))):
        at = draw.randrange(len(changed))
        changed[at] = draw.choice((changed[at] ^ (1 << draw.randrange(8)), draw.choice(EDGES), draw.randrange(256)))
    return bytes(changed)


def cut(data: bytes, draw: Random) -> bytes:
    """Leave out, double or move a piece, or end in the middle."""
    low, high = sorted(draw.randrange(len(data) + 1) for _ in range(2))
    if draw.random() < EVEN:
        high = min(high, low + draw.choice((1, 4, 32)))
    piece, to = data[low:high], draw.randrange(len(data) + 1)
    return draw.choice((
        lambda: data[:low] + data[high:],
        lambda: data[:to] + piece + data[to:],
        lambda: data[:low] + piece * draw.choice((2, 3, max(1, min(200, LONG // (len(piece) + 1))))) + data[high:],
        lambda: data[:low],
        lambda: data[low:],
    ))()  # fmt: skip


def splice_tokens(data: bytes, draw: Random) -> bytes:
    """Put a word in the place of another one: one from elsewhere in the input, or an odd one."""
    for _ in range(draw.choice((1, 1, 2, 5))):
        start = max(0, draw.randrange(len(data) + 1) - WINDOW // 2)
        spans = [found.span() for found in TOKEN.finditer(data, start, start + WINDOW)] or [(0, 0)]
        (low, high), other = draw.choice(spans), draw.choice(spans)
        word = data[slice(*other)] if draw.random() < EVEN else draw.choice(ODD).encode(errors="replace")
        data = data[:low] + word + data[high:]
    return data


def exchange_lines(data: bytes, draw: Random) -> bytes:
    """Leave out, double or exchange lines."""
    lines = data.splitlines(keepends=True) or [b""]
    at, to = draw.randrange(len(lines)), draw.randrange(len(lines))
    match draw.randrange(4):
        case 0:
            del lines[at : at + draw.choice((1, 2, 5))]
        case 1:
            lines[to:to] = lines[at : at + draw.choice((1, 1, 5))]
        case 2:
            lines[at], lines[to] = lines[to], lines[at]
        case _:
            lines[at] = draw.choice(ODD).encode(errors="replace") + b"\n"
    return b"".join(lines)


def encode_otherwise(data: bytes, draw: Random) -> bytes:
    """Write the same text in another encoding, or with other line ends."""
    text = data.decode("utf-8", errors="replace")
    match draw.randrange(3):
        case 0:
            return text.encode(
                draw.choice(("cp949", "utf-16", "utf-8-sig", "latin-1", "utf-32", "shift-jis")), "replace"
            )
        case 1:
            return text.replace("\n", draw.choice(("\r", "\r\n", "\n\n", "\u2028", "\x0b"))).encode()
        case _:
            return b"\xef\xbb\xbf" * draw.choice((1, 2)) + data


TEXT: Final[Sequence[Change]] = (turn_bytes, cut, splice_tokens, splice_tokens, exchange_lines, encode_otherwise)
"""What can be done to anything that is written."""


def changed(data: bytes, changes: Sequence[Change], draw: Random) -> bytes:
    """Return an input after one change or a few."""
    for _ in range(draw.choice((1, 1, 1, 2, 3, 6))):
        data = draw.choice(changes)(data, draw)
    return data[: 4 * LONG]

"""The text of a report's pages, made again from its data: piece by piece, as the pages hold it."""

import re
import unicodedata
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser
from itertools import groupby
from typing import Final

PIECES: Final = frozenset({"p", "h1", "h2", "h3", "tr"})
_TEXTS: Final = re.compile(r"<text\b[^>]*>(.*?)</text>", re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")


def squeezed(text: str) -> str:
    """Return a text as it can be compared: composed, without white space and what ends of lines leave behind."""
    kept = unicodedata.normalize("NFC", text)
    # A hyphen at the end of a line is lost.
    return "".join(
        each
        for each in kept
        if each != "-" and not each.isspace() and unicodedata.category(each) not in {"Cc", "Cf", "Cn", "Co"}
    )


class Pieces(HTMLParser):
    """The pieces of a page: paragraphs, headings, and rows of tables with the labels of the chart in them."""

    def __init__(self, charts: Mapping[str, str]) -> None:
        super().__init__()
        self._charts = charts
        self._open: list[str] = []
        self._aside: list[str] = []
        self._depth_of_float = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Begin a piece, or take the labels of a chart."""
        named = dict(attributes)
        if tag in PIECES:
            self._end()
        elif tag == "span" and (named.get("class") == "end" or self._depth_of_float):
            self._depth_of_float += 1
        elif tag == "img":
            self._end()
            drawn = self._charts.get((named.get("src") or "").removeprefix("chart:"), "")
            self.found += labels(drawn)

    def handle_endtag(self, tag: str) -> None:
        """End a piece."""
        if tag in PIECES or tag == "div":
            self._end()
        elif tag in {"td", "th"}:
            self._open.append(" ")
        elif tag == "span" and self._depth_of_float:
            self._depth_of_float -= 1

    def handle_data(self, data: str) -> None:
        """Take text."""
        (self._aside if self._depth_of_float else self._open).append(data)

    def _end(self) -> None:
        for part in (self._open, self._aside):
            text = " ".join("".join(part).split())
            if text:
                self.found.append(text)
            part.clear()


def labels(drawn: str) -> list[str]:
    """Return the labels of a chart: words one by one, numbers that follow each other (those of an axis) as one piece.

    A single digit would be found anywhere on a page.
    """
    texts = [unescape(_TAG.sub("", text)) for text in _TEXTS.findall(drawn)]
    runs = groupby(texts, key=lambda text: any(each.isdigit() for each in text))
    return [piece for numbers, run in runs for piece in ([" ".join(run)] if numbers else run)]


def pieces(html: str, charts: Mapping[str, str]) -> list[str]:
    """Return the pieces of text of a page, in the order of the page.

    >>> pieces('<p>An index of <b>+1.5</b></p><table><tr><th>Play</th><td>4.1</td></tr></table>', {})
    ['An index of +1.5', 'Play 4.1']
    """
    reader = Pieces(charts)
    reader.feed(html[html.index("<body") :] if "<body" in html else html)
    reader.close()
    return reader.found

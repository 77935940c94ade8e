"""WeasyPrint, imported where it can see our fonts only (a bare machine has none of its own, and it would complain).

Importing this takes most of a second and 60 MB: worker processes do so, the web process never does.
"""

import re
import zlib
from types import SimpleNamespace
from typing import Final
from xml.etree.ElementTree import ParseError, fromstring

import pydyf
from cssselect2 import ElementWrapper

from reports.fonts import only_ours

with only_ours():
    from weasyprint import CSS, HTML, Attachment
    from weasyprint.html import UA, UA_COUNTER_STYLE
    from weasyprint.text import line_break
    from weasyprint.text.ffi import ffi, harfbuzz_subset, pango
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports.korean import whole_words

__all__ = [
    "CSS",
    "Attachment",
    "FatalURLFetchingError",
    "FontConfiguration",
    "NotWellFormed",
    "Page",
    "URLFetcher",
    "URLFetcherResponse",
    "harfbuzz_subset",
]

UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold; nobody can see them either."""

# What browsers know of HTML, but for footnotes and the marks of lists, which our pages have none of: a rule for such a
# part of whatever element makes six styles for each of them, and they cost a tenth of a report.
_PLAIN: Final = CSS(string=re.sub(r"(?m)^::.*$", "", UA), counter_style=UA_COUNTER_STYLE)

# At its highest level zlib takes twice the time to make a file 1.5 % smaller.
pydyf.zlib = SimpleNamespace(compressobj=lambda level: zlib.compressobj(min(level, 6)), compress=zlib.compress)

# A Korean line breaks between words: see `reports.korean`.
ffi.cdef("PangoAttribute * pango_attr_allow_breaks_new (gboolean allow_breaks);")


class Layout(line_break.Layout):  # type: ignore[misc]  # WeasyPrint has no types
    """A line of WeasyPrint's that keeps Korean words in one piece."""

    def set_text(self, text: str, justify: bool = False) -> None:  # noqa: FBT001, FBT002 - WeasyPrint's signature
        """Set the text, and forbid breaks inside its Korean words."""
        super().set_text(text, justify)
        if justify or self.max_width is None:
            return  # this line is drawn or measured, not broken
        words = whole_words(self.text, self.max_width / (self.style["font_size"] or 1))
        if not words:
            return
        listed = pango.pango_layout_get_attributes(self.layout)
        if listed == ffi.NULL:
            listed = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
        for start, end in words:
            attribute = pango.pango_attr_allow_breaks_new(False)
            attribute.start_index, attribute.end_index = start, end
            pango.pango_attr_list_change(listed, attribute)
        pango.pango_layout_set_attributes(self.layout, listed)


line_break.Layout = Layout


class NotWellFormed(ValueError):  # noqa: N818 - it names what happened, as the design's words do
    """A page is no tree of elements: markup got into its text, or a template forgot an end."""


class Page(HTML):  # type: ignore[misc]  # WeasyPrint has no types
    """A page of our own templates, which are XML as well as HTML: read forty times faster, and not guessed at.

    Raises:
        NotWellFormed: it is not XML.
    """

    def __init__(self, text: str, fetcher: URLFetcher) -> None:
        try:
            root = fromstring(UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text))  # noqa: S314 - text is escaped in it
        except ParseError as error:
            raise NotWellFormed(str(error)) from error
        self.base_url = None
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(root)
        self.etree_element = root

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:  # noqa: ARG002, FBT001, FBT002 - WeasyPrint's signature
        return [_PLAIN]

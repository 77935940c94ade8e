"""WeasyPrint, imported where it can see our fonts only (a bare machine has none of its own, and it would complain).

Importing this takes most of a second and 60 MB: worker processes do so, the web process never does.
"""

from reports.fonts import only_ours

with only_ours():
    from weasyprint import CSS, HTML, Attachment
    from weasyprint.text import line_break
    from weasyprint.text.ffi import ffi, harfbuzz_subset, pango
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports.korean import whole_words

__all__ = [
    "CSS",
    "HTML",
    "Attachment",
    "FatalURLFetchingError",
    "FontConfiguration",
    "URLFetcher",
    "URLFetcherResponse",
    "harfbuzz_subset",
]

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

"""WeasyPrint, imported where it can see our fonts only (a bare machine has none of its own, and it would complain).

Importing this takes most of a second and 60 MB: worker processes do so, the web process never does.
"""

from reports.fonts import only_ours

with only_ours():
    from weasyprint import CSS, HTML, Attachment
    from weasyprint.text.ffi import harfbuzz_subset
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

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

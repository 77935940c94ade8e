"""The only door through which a report reads anything: the charts it was given, and nothing else in the world."""

from collections.abc import Mapping
from typing import Final

from reports.weasy import FatalURLFetchingError, URLFetcher, URLFetcherResponse

SCHEME: Final = "chart:"


class RefusedAddress(FatalURLFetchingError):  # type: ignore[misc] # noqa: N818 - no types; named for what happened
    """A document asked for something that is not one of its charts: it is not printed at all."""


class ClosedFetcher(URLFetcher):  # type: ignore[misc] # weasyprint ships no types
    """Hands out the charts of one document by `chart:NAME`; files, data and every other address are refused."""

    def __init__(self, charts: Mapping[str, str]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._charts = charts
        self.refused: list[str] = []
        """What was asked for and not given. WeasyPrint keeps some refusals to itself, so it is looked at afterwards."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return a chart; raises RefusedAddress for any other address."""
        del headers
        name = url.removeprefix(SCHEME)
        if name == url or name not in self._charts:
            self.refused.append(url)
            raise RefusedAddress(f"a report may not read {url!r}")
        return URLFetcherResponse(url, self._charts[name].encode(), {"Content-Type": "image/svg+xml"})

"""What every answer tells the browser: run nothing but ours, keep nothing, tell nobody."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final
from wsgiref.headers import Headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY: Final = (
    "default-src 'none'; script-src 'self'; "
    # the hash of the empty string: plotly.js adds an empty style element before it fills it through the CSSOM
    "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

HTTPS: Final = "max-age=63072000; includeSubDomains"
"""Two years in which a browser opens this host, and hosts below it, by https only."""

ALWAYS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
}

NO_PAGE: Final = ALWAYS | {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
"""Of a line of text that says why something is no request."""


def is_for_respondents(path: str) -> bool:
    """Tell whether an address is one of those that people answer at, whatever is found there.

    >>> [is_for_respondents(path) for path in ("/s", "/s/answer", "/h/1", "/sign-in", "/static/x")]
    [True, True, True, False, False]
    """
    return path == "/s" or path.startswith(("/s/", "/h/"))


def hardened(inner: "WSGIApplication") -> "WSGIApplication":
    """Return the same application, whose every answer carries these headers, where a view has not set stricter ones.

    It stands around all others, so that files, redirects and refusals of whatever answers carry them too. No page and
    no file of a view is kept by a browser or a proxy; our own static files are, for as long as WhiteNoise says.
    """

    def answered(environ: "WSGIEnvironment", start: "StartResponse") -> "Iterable[bytes]":
        def started(status: str, listed: list[tuple[str, str]], *more: Any) -> Callable[[bytes], object]:  # noqa: ANN401 - as WSGI has it
            headers = Headers(listed)
            for name, value in ALWAYS.items():
                headers.setdefault(name, value)
            if headers.get("Cache-Control", "no-cache") == "no-cache":  # what Flask says of a file that it sends
                headers["Cache-Control"] = "no-store"
            if is_for_respondents(environ.get("PATH_INFO", "")):  # also where no view was reached
                headers["Referrer-Policy"] = "no-referrer"
            if environ["wsgi.url_scheme"] == "https":
                headers["Strict-Transport-Security"] = HTTPS
            if headers["Content-Type"] == "image/svg+xml":
                headers["Content-Type"] = "image/svg+xml; charset=utf-8"
            return start(status, listed, *more)

        return inner(environ, started)

    return answered

"""What Flask's own client lets through, and a server cannot send."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def sendable(inner: "WSGIApplication") -> "WSGIApplication":
    """Return the same application, which fails where a header holds what HTTP has no bytes for: a Korean file name."""

    def answered(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Callable[[bytes], object]:  # noqa: ANN401 - as WSGI has it
            for name, value in headers:
                f"{name}: {value}".encode("latin-1")
            return start(status, headers, *more)

        return inner(environ, started)

    return answered

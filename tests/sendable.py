"""What every answer of a page under test has to be: sendable, and hardened."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from tests.hardened import faults

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def sendable(inner: "WSGIApplication") -> "WSGIApplication":
    """Return the same application, which fails where an answer lacks what protects its reader (`tests.hardened`).

    It fails as well where a header holds what HTTP has no bytes for, such as a Korean file name: Flask's own client
    lets that through, and a server cannot send it.
    """

    def answered(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Callable[[bytes], object]:  # noqa: ANN401 - as WSGI has it
            for name, value in headers:
                f"{name}: {value}".encode("latin-1")
            # ProxyFix has put into the environment by then how the browser came.
            found = faults(environ.get("PATH_INFO", ""), headers, https=environ["wsgi.url_scheme"] == "https")
            assert found == [], f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO')} {status}: {found}"
            return start(status, headers, *more)

        return inner(environ, started)

    return answered

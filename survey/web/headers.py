"""What every answer tells the browser: run nothing but ours, keep nothing, tell nobody."""

from typing import Final
from wsgiref.headers import Headers

from flask import Response, request

POLICY: Final = (
    "default-src 'none'; script-src 'self'; "
    # the hash of the empty string: plotly.js adds an empty style element before it fills it through the CSSOM
    "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)

ALWAYS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "same-origin",
}


def harden(response: Response) -> Response:
    """Add the headers that a view has not set itself; no page and no file is kept by a browser or a proxy."""
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if response.headers.get("Cache-Control", "no-cache") == "no-cache":  # what Flask says of a file that it sends
        response.headers["Cache-Control"] = "no-store"
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def harden_file(headers: Headers, _path: str, _url: str) -> None:
    """Add the same headers to a static file (WhiteNoise sets how long it is kept)."""
    for name, value in ALWAYS.items():
        headers[name] = value

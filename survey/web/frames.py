"""Pages in pages: a preview stands in a frame beside the form that it belongs to, and in no frame of anybody else."""

import re
from typing import Final

from flask import Response, make_response

from survey.web.headers import POLICY

SCRIPT: Final = re.compile(r"<script\b[^>]*></script>")


def may_frame(page: str) -> Response:
    """Answer with a page that holds a frame of ours."""
    response = make_response(page)
    response.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return response


def framed(page: str, styles: str = "'self'") -> Response:
    """Answer with a page for such a frame: it runs nothing, sends nothing, and reads nothing but styles and images.

    It keeps its origin, because our style sheets go to no other. Scripts, which would not run, are left out, so that no
    browser complains of them.
    """
    response = make_response(SCRIPT.sub("", page))
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {styles}; img-src 'self' data:; form-action 'none'; object-src 'none'; "
        "base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response

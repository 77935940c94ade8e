"""Cookies of the pages behind the sign-in: for this host alone, and over https under a name that browsers guard.

A name that begins with `__Host-` is taken by browsers only where the cookie came over https, for this very host and the
whole of it: neither a neighbour under the same domain nor a page without https can plant one.
"""

from typing import Final

from flask import request
from werkzeug.wrappers import Response

GUARDED: Final = "__Host-"


def named(name: str) -> str:
    """Return what a cookie of ours is called in this request."""
    return GUARDED + name if request.is_secure else name


def sent(name: str) -> str:
    """Return what the browser sent in a cookie of ours; "" for none."""
    return request.cookies.get(named(name), "")


def give(response: Response, name: str, value: str, seconds: int) -> None:
    """Give the browser a cookie for so long; no script reads it, and no form of another site sends it along."""
    response.set_cookie(
        named(name),
        value,
        max_age=seconds,
        path="/",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",  # a link in a letter and the way back from a provider still bring it
    )


def take(response: Response, name: str) -> None:
    """Let the browser forget a cookie."""
    response.delete_cookie(named(name), path="/", secure=request.is_secure, httponly=True, samesite="Lax")

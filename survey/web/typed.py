"""A form that came after the sign-in had ended: what was typed stays in the page, to be sent once more.

Nothing is kept here meanwhile. The page that brings it back asks for a press of a button, so that no other site can
have it sent; secrets that were typed are never written into a page.
"""

from typing import Final

from flask import Response, make_response, redirect, render_template, request, url_for

SECRETS: Final = frozenset({"password", "old", "new", "again", "code", "credential", "sealed"})
TOKEN: Final = "csrf_token"  # noqa: S105 - the name of a field


def page(*, signed_in: bool = False) -> Response:
    """Answer with what was typed, and a button that sends it; where there is nothing to keep, lead to the sign-in.

    Args:
        signed_in: whether she has signed in again meanwhile, so that the button works at once.
    """
    fields = [(name, text) for name, text in request.form.items(multi=True) if name != TOKEN]
    if not is_worth_keeping():
        return make_response(redirect(url_for("signing_in.show"), 303))
    facts = {"fields": fields, "signed_in": signed_in, "files": bool(request.files)}
    return make_response(render_template("accounts/typed.html", **facts), 403)


def is_worth_keeping() -> bool:
    """Tell whether something was typed, and nothing of it secret."""
    return bool(request.form.keys() - {TOKEN}) and not request.form.keys() & SECRETS


def is_ours() -> bool:
    """Tell whether the browser says that one of our own pages has sent this form: no other site can have it say so."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin", "")
    return site == "same-origin" or (site is None and origin == request.host_url.rstrip("/"))

"""What must hold of every answer, whatever was sent."""

import json
import re
from typing import Final

from werkzeug.test import TestResponse

from survey.web.logs import KEPT

ANSWERED: Final = frozenset({200, 302, 303, 308, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 503})
"""Everything but a mistake of ours: a page, a way on, a sentence that says what to do."""
COOKIES: Final = frozenset({"account", "form", "language", "provider"})
ALIVE: Final = re.compile(r"<\s*/?\s*canary|<script>(?!\s*$)alert|49 canary49|<b><b>|<svg onload", re.IGNORECASE)
"""What only stands in a page if data became a part of it."""
LEADS: Final = re.compile(r"""\s(?:href|src|action|formaction|srcset|poster|data|xlink:href)\s*=\s*"([^"]*)\"""")
OURS: Final = re.compile(
    r"(?:/(?![/\\])|\#|\?|$|data:,$|data:image/(?:svg\+xml|png)|[a-z]+$|mailto:[\w.@+-]*$|https?://(?:localhost|127\.0\.0\.1))"
)
KNOWN_ELSEWHERE: Final = re.compile(r"https://(?:hbr\.org|www\.donga\.com|doi\.org|dbr\.donga\.com)/")


def wrong(answer: TestResponse) -> list[str]:
    """Return what is wrong with an answer."""
    found = []
    if answer.status_code not in ANSWERED:
        found.append(f"answers {answer.status_code}")
    for name, value in answer.headers.items():
        try:
            f"{name}: {value}".encode("latin-1")
        except UnicodeEncodeError:
            found.append(f"{name} cannot be sent")
        if re.search(r"[\r\n\0]", value) or "canary" in name.lower():
            found.append(f"{name} is broken into two")
        if name == "Set-Cookie" and value.split("=")[0] not in COOKIES:
            found.append(f"sets {value}")
    if answer.location and not re.match(r"(?:http://localhost)?/(?![/\\])", answer.location):
        found.append(f"leads to {answer.location}")
    if answer.mimetype == "text/html":
        found += in_page(answer.get_data(as_text=True))
    if answer.mimetype == "application/json":
        json.loads(answer.get_data())
    return found


def in_page(text: str) -> list[str]:
    """Return what of a page came to life that was data, and where it leads that is no place of ours."""
    found = [f"holds {each[0]}" for each in ALIVE.finditer(text)]
    for tag in re.findall(r"<[a-zA-Z][^<>]*>", text):
        leads = [to for to in LEADS.findall(tag) if not OURS.match(to) and not KNOWN_ELSEWHERE.match(to)]
        found += [f"leads to {to[:80]}" for to in leads]
    return found


def wrong_lines(logged: str) -> list[str]:
    """Return the lines of a log that are no JSON, hold more than they may, or something that was typed."""
    found = []
    for line in logged.splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            found.append(f"no JSON: {line[:80]}")
            continue
        if not set(said) <= set(KEPT) or "canary" in line:
            found.append(line)
    return found

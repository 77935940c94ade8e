"""What every answer of the app must carry, whatever was asked: held by every test that opens a page."""

from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from survey.web.cookies import GUARDED
from survey.web.headers import ALWAYS, HTTPS

Headers = Iterable[tuple[str, str]]
DIRECTIVES: Final = {
    "default-src": {"'none'"},
    "script-src": {"'self'", ""},
    "object-src": {"'none'"},
    "base-uri": {"'none'"},
    "form-action": {"'self'", "'none'"},
    "frame-ancestors": {"'none'", "'self'"},
    "connect-src": {"'self'", ""},
    "font-src": {"'self'", ""},
    "img-src": {"'self' data:"},
    "frame-src": {"'self'", ""},
}
"""What each directive of a policy may say; "" where it may be left out."""
NEVER: Final = {"server", "x-powered-by", "access-control-allow-origin", "x-sourcemap", "sourcemap"}
REFERRERS: Final = {"same-origin", "no-referrer"}


def faults(path: str, headers: Headers, *, https: bool) -> list[str]:
    """Say what an answer lacks, or tells too much."""
    listed = list(headers)
    said = {name.lower(): value for name, value in listed}
    return [
        *_always(path, said, https=https),
        *_policy(said.get("content-security-policy", "")),
        *_content(said),
        *_cookies(path, [value for name, value in listed if name.lower() == "set-cookie"], https=https),
    ]


def _always(path: str, said: dict[str, str], *, https: bool) -> Iterator[str]:
    for name, value in ALWAYS.items():
        found = said.get(name.lower(), "")
        if name not in {"Content-Security-Policy", "Referrer-Policy", "X-Frame-Options"} and found != value:
            yield f"{name}: {found!r}"
    if said.get("referrer-policy") not in REFERRERS or (
        _is_respondents(path) and said["referrer-policy"] != "no-referrer"
    ):
        yield f"Referrer-Policy: {said.get('referrer-policy')!r}"
    if said.get("x-frame-options") not in {"DENY", "SAMEORIGIN"}:
        yield f"X-Frame-Options: {said.get('x-frame-options')!r}"
    if said.get("strict-transport-security") != (HTTPS if https else None):
        yield f"Strict-Transport-Security: {said.get('strict-transport-security')!r}"
    if said.get("cache-control") != "no-store" and not path.startswith("/static/"):
        yield f"Cache-Control: {said.get('cache-control')!r}"
    yield from (f"{name} is told" for name in sorted(NEVER & said.keys()))


def _policy(policy: str) -> Iterator[str]:
    found = {name: rest for name, _, rest in (each.strip().partition(" ") for each in policy.split(";"))}
    for name, allowed in DIRECTIVES.items():
        if found.get(name, "") not in allowed:
            yield f"Content-Security-Policy {name}: {found.get(name)!r}"
    if "; sandbox" in policy and "allow-scripts" not in policy:
        policy = policy.replace("style-src 'unsafe-inline'", "")  # a letter as mail programs show it runs nothing
    if "unsafe" in policy or "http" in policy or "*" in policy:
        yield f"Content-Security-Policy: {policy!r}"


def _content(said: dict[str, str]) -> Iterator[str]:
    kind = said.get("content-type", "")
    if kind.startswith("text/") or "xml;" in kind or kind.endswith("xml"):
        if "charset=utf-8" not in kind.replace('"', "").lower():
            yield f"Content-Type: {kind!r}"
    elif not kind and said.get("content-length", "0") != "0":
        yield "no Content-Type"
    where = urlsplit(said.get("location", ""))
    if where.netloc and where.netloc.partition(":")[0] not in {"localhost", "127.0.0.1"}:
        yield f"Location: {where.netloc}"


def _cookies(path: str, cookies: list[str], *, https: bool) -> Iterator[str]:
    for cookie in cookies:
        name, _, rest = cookie.partition("=")
        flags = {flag.strip() for flag in rest.split(";")[1:]}
        wanted = {"HttpOnly", "SameSite=Lax", "Path=/"} | ({"Secure"} if https else set())
        if not wanted <= flags or name.startswith(GUARDED) != https or any(flag.startswith("Domain") for flag in flags):
            yield f"Set-Cookie: {name}; {'; '.join(sorted(flags))}"
        if _is_respondents(path):
            yield f"a respondent gets a cookie: {name}"


def _is_respondents(path: str) -> bool:
    return path == "/s" or path.startswith(("/s/", "/h/"))

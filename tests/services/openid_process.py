"""A small but real OpenID provider, in a process of its own: RSA keys, codes for once, PKCE, and ways to misbehave.

`python -m tests.services.openid_process` serves on a free port of the loopback and prints its address.
"""

import base64
import hashlib
import hmac
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from joserfc import jws
from joserfc.jwk import RSAKey

ROOT: Final = Path(__file__).parents[2]
CLIENT: Final = "survey"
SECRET: Final = "a secret of the provider & its client"
OURS: Final = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"}, auto_kid=False)
STRANGER: Final = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"}, auto_kid=False)

Claims = dict[str, Any]
KNOWN: Final[Claims] = {"sub": "ada-1", "email": "ada@example.com", "email_verified": True}
"""Who sits there, unless a test says otherwise."""


def _signed(claims: Claims) -> str:
    return _signed_with(OURS, claims)


def _signed_with(key: RSAKey, claims: Claims) -> str:
    """Sign what is said as ASCII: half a pair of surrogates is nothing that UTF-8 could hold, and JSON can."""
    return jws.serialize_compact({"alg": "RS256", "kid": "1"}, json.dumps(claims).encode(), key)


def _unsigned(claims: Claims) -> str:
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def _shared(claims: Claims) -> str:
    """Sign with the public key as if it were a shared secret, which whoever knows it could do."""
    said = f"{_part({'alg': 'HS256', 'kid': '1'})}.{_part(claims)}"
    digest = hmac.digest(OURS.as_pem(private=False), said.encode(), "sha256")
    return f"{said}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def _part(facts: Claims) -> str:
    return base64.urlsafe_b64encode(json.dumps(facts).encode()).decode().rstrip("=")


SIGNING: Final[dict[str, Callable[[Claims], str]]] = {
    "alg none": _unsigned,
    "shared key": _shared,
    "wrong key": lambda claims: _signed_with(STRANGER, claims),
    "garbage": lambda _claims: "a.b.c",
}
CHANGES: Final[dict[str, Callable[[], Claims]]] = {
    "wrong nonce": lambda: {"nonce": "another"},
    "no nonce": lambda: {"nonce": None},
    "wrong aud": lambda: {"aud": "another"},
    "wrong azp": lambda: {"aud": [CLIENT, "another"], "azp": "another"},
    "wrong issuer": lambda: {"iss": "https://id.example.com"},
    "expired": lambda: {"exp": int(time.time()) - 3600},
    "from tomorrow": lambda: {"iat": int(time.time()) + 86_400},
    "unverified mail": lambda: {"email_verified": False},
    "verified as text": lambda: {"email_verified": "true"},
    "no mail": lambda: {"email": None},
}


class Provider(ThreadingHTTPServer):
    """What the provider knows: who sits there, how it behaves, and which codes are out."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.mode, self.who = "", KNOWN
        self.codes: dict[str, dict[str, str]] = {}
        self.instead: dict[str, str] = {}

    def described(self) -> Claims:
        """Return the provider's description of itself."""
        elsewhere = "http://id.example.com" if self.mode == "open addresses" else self.issuer
        return {
            "issuer": "https://id.example.com" if self.mode == "another description" else self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{elsewhere}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": [
                "client_secret_post" if self.mode == "post" else "client_secret_basic"
            ],
        }

    def authorized(self, asked: dict[str, str]) -> str:
        """Return where the browser goes back to, with a code that is good for once."""
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.issuer}
        if self.mode == "denied":
            back = {"error": "access_denied", "state": asked["state"]}
        if self.mode == "another answers":
            back["iss"] = "https://id.example.com"
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def token(self, form: dict[str, str], who: str) -> tuple[int, Claims]:
        """Exchange a code: once, for its own client, address and verifier."""
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if who != f"{CLIENT}:{SECRET}":
            return 401, {"error": "invalid_client"}
        if asked is None or asked["code_challenge"] != challenge.decode().rstrip("="):
            return 400, {"error": "invalid_grant"}
        if form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        token = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer"}
        return 200, token if self.mode == "no token" else {**token, "id_token": self.said(asked["nonce"])}

    def said(self, nonce: str) -> str:
        """Return the ID token, or one that must not be believed."""
        now = int(time.time())
        claims: Claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **self.who}
        claims |= CHANGES.get(self.mode, dict)()
        return SIGNING.get(self.mode, _signed)({name: value for name, value in claims.items() if value is not None})


class Answer(BaseHTTPRequestHandler):
    """One request to the provider."""

    server: Provider

    def do_GET(self) -> None:
        """Describe, list keys, or ask who sits there."""
        address = urlsplit(self.path)
        if address.path in self.server.instead:
            self._send(200, "application/json", self.server.instead[address.path].encode("utf-8", "surrogatepass"))
        elif address.path == "/.well-known/openid-configuration":
            self._json(200, self.server.described())
        elif address.path == "/keys":
            self._json(200, {"keys": [OURS.as_dict(private=False)]})
        elif address.path == "/authorize" and self.server.mode != "silent":
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            self._page(f'<a href="{self.server.authorized(asked).replace("&", "&amp;")}">Go on as Ada</a>')
        else:
            self._json(404, {})

    def do_POST(self) -> None:
        """Exchange a code, or behave as a test wants."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/behave":
            told = json.loads(body)
            self.server.mode, self.server.who, self.server.instead = told["mode"], told["who"], told["instead"]
            self._json(200, {})
        elif self.path in self.server.instead:
            self._send(200, "application/json", self.server.instead[self.path].encode("utf-8", "surrogatepass"))
        elif self.server.mode == "no sense":
            self._page("busy")
        elif self.server.mode == "redirects" and self.path == "/token":
            self.send_response(307)
            self.send_header("Location", f"{self.server.issuer}/elsewhere")
            self.end_headers()
        else:
            form = {name: values[0] for name, values in parse_qs(body).items()}
            basic = base64.b64decode(self.headers.get("Authorization", " ").split(" ")[1]).decode()
            self._json(*self.server.token(form, basic or f"{form.get('client_id')}:{form.get('client_secret')}"))

    def _json(self, status: int, facts: Claims) -> None:
        self._send(status, "application/json", json.dumps(facts).encode())

    def _page(self, text: str) -> None:
        self._send(200, "text/html", f"<!doctype html><html lang=en><title>Provider</title><main>{text}".encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Running:
    """The provider's process, from the outside."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def behave(self, mode: str = "", **who: object) -> None:
        """Let it say this of whoever comes next, and misbehave in this way."""
        self._tell({"mode": mode, "who": {**KNOWN, **who}, "instead": {}})

    def answer(self, path: str, body: str) -> None:
        """Let it answer this, whatever it is, to whoever asks for a path; otherwise it behaves."""
        self._tell({"mode": "", "who": KNOWN, "instead": {path: body}})

    def _tell(self, told: Claims) -> None:
        requests.post(f"{self.issuer}/behave", data=json.dumps(told), timeout=10).raise_for_status()


@contextmanager
def provider() -> Iterator[Running]:
    """Start the provider in a process of its own, and stop it at the end."""
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        assert process.stdout is not None
        try:
            yield Running(process.stdout.readline().strip())
        finally:
            process.terminate()


if __name__ == "__main__":
    serving = Provider()
    sys.stdout.write(f"{serving.issuer}\n")
    sys.stdout.flush()
    serving.serve_forever()


def told_by(running: Running, home: Path) -> dict[str, str]:
    """Return the variables of an operator whose company has this provider, and keep its secret in a file."""
    (home / "provider.secret").write_text(f"{SECRET}\n")
    ours = {"SURVEY_OIDC_ISSUER": running.issuer, "SURVEY_OIDC_CLIENT_ID": CLIENT}
    return {**ours, "SURVEY_OIDC_SECRET_FILE": str(home / "provider.secret")}

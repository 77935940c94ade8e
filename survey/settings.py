"""What an operator decides: read once from the environment, checked before anything starts."""

import os
import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

import msgspec

SECRET_BYTES: Final = 32
FEWEST_DIFFERENT: Final = 12
"""Bytes of a secret that differ: of thirty-two random ones thirty do, of sixty-four digits of base 16 fifteen."""
MOST_HOPS: Final = 8
"""Proxies in front: more are a port or a year in the wrong place, and would let a browser name its own address."""
SHORTEST_TOKEN: Final = 24
IDLE: Final = range(10, 12 * 60 + 1)
"""Minutes after which a sign-in may end; the longest is how long one lasts anyway."""
MOST_PROCESSES: Final = 64
BUCKET: Final = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[A-Za-z0-9._/-]*))?")
"""How a bucket is written."""
UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
ENDS_A_LINK: Final = re.compile(r"""[\s"'<>\\^`{|}?#]""")


class SettingsError(Exception):
    """A setting cannot be used; the sentence says which, why, and what to do.

    `text` is the sentence's English key with `%(name)s` for its `facts`: whoever tells it knows the reader's language.
    """

    def __init__(self, text: str, **facts: object) -> None:
        self.text = text
        self.facts = facts
        super().__init__(text % facts if facts else text)


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of an installation. `docs/operating.md` has a row for each."""

    home: Path
    """Folder of everything this installation writes (SURVEY_HOME)."""
    database_url: str
    """SQLAlchemy address of the database (SURVEY_DATABASE_URL)."""
    base_url: str
    """What letters and QR codes point to (SURVEY_URL)."""
    mail_url: str
    """smtp://user:password@host:port, smtps://..., or file:FOLDER, which keeps letters as files (SURVEY_MAIL_URL).

    "" where the operator says nothing: then it is what HR has set on the page of the company, or files in `letters`.
    """
    mail_from: str
    """The sender of letters (SURVEY_MAIL_FROM)."""
    proxy_hops: int
    """How many trusted proxies stand in front (SURVEY_PROXY_HOPS)."""
    oidc_issuer: str = ""
    """Address of the company's OpenID provider; "" where there is none (SURVEY_OIDC_ISSUER)."""
    oidc_client_id: str = ""
    """What the provider calls this installation (SURVEY_OIDC_CLIENT_ID)."""
    oidc_secret_file: str = ""
    """File that holds the secret the provider gave for it (SURVEY_OIDC_SECRET_FILE)."""
    metrics_token: str = ""
    """What a collector of metrics must show; "" where there are no metrics (SURVEY_METRICS_TOKEN)."""
    log: str = "text"
    """How the server logs: "text", or "json" for collectors of logs (SURVEY_LOG)."""
    keys_folder: str = ""
    """Folder of secret.key and the issue keys, which machines share; "" is `home` (SURVEY_KEYS)."""
    workers: bool = False
    """Whether letters and reports are left to `survey worker`, on PostgreSQL (SURVEY_WORKERS)."""
    reports: str = ""
    """Where printed reports are kept: a folder, or s3://BUCKET/PREFIX; "" is `reports` in `home` (SURVEY_REPORTS)."""
    processes: int = 1
    """How many processes `survey serve` answers with (SURVEY_PROCESSES)."""
    breached_passwords: str = ""
    """File of SHA-1 hashes of passwords that have leaked, in order; "" for none (SURVEY_BREACHED_PASSWORDS)."""
    idle: int = 60
    """Minutes without a page after which a sign-in ends (SURVEY_IDLE_MINUTES)."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings; raises SettingsError with the variable's name and the cure."""
        home = Path(environment.get("SURVEY_HOME", "var")).absolute()
        settings = cls(
            home=home,
            database_url=environment.get("SURVEY_DATABASE_URL", f"sqlite:///{home / 'survey.db'}"),
            base_url=environment.get("SURVEY_URL", "http://127.0.0.1:8000").rstrip("/"),
            mail_url=environment.get("SURVEY_MAIL_URL", ""),
            mail_from=environment.get("SURVEY_MAIL_FROM", "survey@localhost"),
            proxy_hops=_whole_number(environment, "SURVEY_PROXY_HOPS", 0),
            oidc_issuer=environment.get("SURVEY_OIDC_ISSUER", ""),
            oidc_client_id=environment.get("SURVEY_OIDC_CLIENT_ID", ""),
            oidc_secret_file=environment.get("SURVEY_OIDC_SECRET_FILE", ""),
            metrics_token=environment.get("SURVEY_METRICS_TOKEN", ""),
            log=environment.get("SURVEY_LOG", "text"),
            keys_folder=environment.get("SURVEY_KEYS", ""),
            workers=_switch(environment, "SURVEY_WORKERS"),
            reports=environment.get("SURVEY_REPORTS", ""),
            processes=_whole_number(environment, "SURVEY_PROCESSES", 1),
            breached_passwords=environment.get("SURVEY_BREACHED_PASSWORDS", ""),
            idle=_whole_number(environment, "SURVEY_IDLE_MINUTES", 60),
        )
        settings.check()
        return settings

    def check(self) -> None:
        """Raise SettingsError for values that cannot work."""
        self._check_signs()
        if not self.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise SettingsError(
                "SURVEY_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg:// (it begins with '%(start)s').",
                start=self.database_url.split(":", 1)[0],
            )
        if self.workers and not self.database_url.startswith("postgresql"):
            raise SettingsError("SURVEY_WORKERS=on needs PostgreSQL: set SURVEY_DATABASE_URL to one.")
        if self.workers and find_spec("procrastinate") is None:
            raise SettingsError(
                "SURVEY_WORKERS=on needs a library that is missing. Run: pip install -r requirements/workers.txt"
            )
        if not self.base_url.startswith(("http://", "https://")) or not _host(self.base_url):
            raise SettingsError(
                "SURVEY_URL must be a web address such as https://survey.example.com, not '%(url)s'.", url=self.base_url
            )
        if self.mail_url and self.mail_url.partition(":")[0] not in {"smtp", "smtps", "file"}:
            raise SettingsError("SURVEY_MAIL_URL must begin with smtp://, smtps:// or file:.")
        if 0 < len(self.metrics_token) < SHORTEST_TOKEN:
            raise SettingsError(
                "SURVEY_METRICS_TOKEN is too short: use %(least)s characters or more.", least=SHORTEST_TOKEN
            )
        if not 1 <= self.processes <= MOST_PROCESSES:
            raise SettingsError(
                "SURVEY_PROCESSES must be a whole number from 1 to %(most)s, not %(found)s.",
                most=MOST_PROCESSES,
                found=self.processes,
            )
        if self.log not in {"text", "json"}:
            raise SettingsError("SURVEY_LOG must be text or json, not '%(found)s'.", found=self.log)
        if ("://" in self.reports or self.reports.startswith("s3:")) and not BUCKET.fullmatch(self.reports):
            raise SettingsError(
                "SURVEY_REPORTS must be a folder or s3://BUCKET/PREFIX, not '%(found)s'.", found=self.reports
            )
        self._check_hops()
        self._check_provider()
        self._check_signing_in()

    def _check_signs(self) -> None:
        """Refuse what would break a header, turn a line, or end a link; none of it is repeated."""
        said = {"URL": self.base_url, "MAIL_URL": self.mail_url, "MAIL_FROM": self.mail_from}
        said |= {"OIDC_ISSUER": self.oidc_issuer, "OIDC_CLIENT_ID": self.oidc_client_id}
        for name in [f"SURVEY_{name}" for name, value in said.items() if UNSEEN.search(value)]:
            raise SettingsError("%(name)s holds a sign nobody sees, such as a line break. Write it anew.", name=name)
        if ENDS_A_LINK.search(self.base_url):
            raise SettingsError(
                "SURVEY_URL cannot hold spaces, quotes, ?, # or the like. Write it as in https://survey.example.com."
            )

    def _check_hops(self) -> None:
        if self.proxy_hops > MOST_HOPS:
            raise SettingsError(
                "SURVEY_PROXY_HOPS must be the number of web servers of yours in front, %(most)s at most, not "
                "%(found)s.",
                most=MOST_HOPS,
                found=self.proxy_hops,
            )

    def _check_signing_in(self) -> None:
        if self.breached is not None and not os.access(self.breached, os.R_OK):
            raise SettingsError(
                "SURVEY_BREACHED_PASSWORDS names %(path)s, which cannot be read. Name the file of SHA-1 hashes, or "
                "nothing.",
                path=self.breached,
            )
        if self.idle not in IDLE:
            raise SettingsError(
                "SURVEY_IDLE_MINUTES must be from %(least)s to %(most)s minutes, not %(found)s.",
                least=IDLE[0],
                most=IDLE[-1],
                found=self.idle,
            )

    def _check_provider(self) -> None:
        given = (self.oidc_issuer, self.oidc_client_id, self.oidc_secret_file)
        if not any(given):
            return
        if not all(given):
            raise SettingsError(
                "SURVEY_OIDC_ISSUER, SURVEY_OIDC_CLIENT_ID and SURVEY_OIDC_SECRET_FILE belong together: set all three, "
                "or none."
            )
        for name, address in (("SURVEY_OIDC_ISSUER", self.oidc_issuer), ("SURVEY_URL", self.base_url)):
            if not is_safe_address(address):
                raise SettingsError(
                    "%(name)s must begin with https:// where people sign in by OpenID Connect, not '%(url)s'.",
                    name=name,
                    url=address,
                )
        self.oidc_secret()

    def oidc_secret(self) -> str:
        """Read the secret that the OpenID provider gave; raises SettingsError where there is none."""
        path = Path(self.oidc_secret_file)
        try:
            secret = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                "SURVEY_OIDC_SECRET_FILE names %(path)s, which cannot be read. Put the provider’s client secret there.",
                path=path,
            ) from error
        if not secret:
            raise SettingsError(
                "SURVEY_OIDC_SECRET_FILE names %(path)s, which is empty. Put the provider’s client secret there.",
                path=path,
            )
        return secret

    @property
    def breached(self) -> Path | None:
        """The operator's list of passwords that have leaked."""
        return Path(self.breached_passwords).absolute() if self.breached_passwords else None

    @property
    def letters(self) -> Path:
        """Where letters are kept as files until a mail server is known."""
        return self.home / "letters"

    @property
    def keys(self) -> Path:
        """Where secret and keys lie."""
        return Path(self.keys_folder).absolute() if self.keys_folder else self.home

    @property
    def secret_path(self) -> Path:
        """Where the secret lies that signs cookies and forms."""
        return self.keys / "secret.key"

    def secret(self) -> bytes:
        """Read the secret; raises SettingsError where `survey init` has not made one."""
        try:
            secret = self.secret_path.read_bytes()
        except PermissionError as error:
            raise SettingsError("The secret at %(path)s belongs to another user.", path=self.secret_path) from error
        except OSError as error:
            raise SettingsError(
                "No secret at %(path)s (%(why)s). Run: survey init", path=self.secret_path, why=error.strerror
            ) from error
        if len(secret) < SECRET_BYTES:
            raise SettingsError(
                "The secret at %(path)s is shorter than %(least)s bytes. Delete it, and run: survey init",
                path=self.secret_path,
                least=SECRET_BYTES,
            )
        if is_guessable(secret):
            raise SettingsError(
                "The secret at %(path)s can be guessed: it repeats itself. Delete it, and run: survey init",
                path=self.secret_path,
            )
        return secret


def is_guessable(secret: bytes) -> bool:
    """Tell whether a secret was typed or left empty rather than drawn: it repeats itself, or has few different bytes.

    >>> [is_guessable(each) for each in (bytes(32), b"change-me" * 9, bytes(range(30)) * 2, os.urandom(32))]
    [True, True, True, False]
    """
    return len(set(secret)) < FEWEST_DIFFERENT or secret in (secret + secret)[1:-1]


def _whole_number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, str(default))
    if not text.isascii() or not text.isdigit():
        raise SettingsError("%(name)s must be a whole number of 0 or more, not '%(found)s'.", name=name, found=text)
    return int(text)


def _switch(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "off")
    if text not in {"on", "off"}:
        raise SettingsError("%(name)s must be on or off, not '%(found)s'.", name=name, found=text)
    return text == "on"


def is_safe_address(url: str) -> bool:
    """Tell whether what is sent to an address is encrypted, or does not leave this machine.

    >>> [is_safe_address(each) for each in ("https://a.b", "http://127.0.0.1", "http://a.b", "https://", "ftp://[::1]")]
    [True, True, False, False, False]
    """
    host = _host(url)
    here = host in {"localhost", "127.0.0.1", "::1"}
    return bool(host) and (url.startswith("https://") or (url.startswith("http://") and here))


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # brackets that hold no address
        return ""

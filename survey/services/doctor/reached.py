"""The address that letters point to, as a browser reaches it: its certificate is looked at, no page is asked for."""

import datetime as dt
import socket
import ssl
from typing import Final
from urllib.parse import urlsplit

from survey.i18n import Sentence
from survey.services.doctor.check import Check, fail, ok, warn

PATIENCE: Final = 10.0
"""Seconds."""
SOON: Final = dt.timedelta(days=14)
HTTPS: Final = 443
RENEW: Final = Sentence("Renew it on the web server in front, and let that read it anew. Until then browsers warn.")


def certificate(url: str, now: dt.datetime) -> Check | None:
    """Look at the certificate of an https address; None for another."""
    where = urlsplit(url)
    if where.scheme != "https":
        return None
    host, port = where.hostname or "", where.port or HTTPS
    try:
        ends = _ends(host, port)
    except ssl.SSLCertVerificationError as error:
        return fail(
            "certificate",
            Sentence("Browsers do not trust the certificate of %(host)s (%(why)s)."),
            RENEW,
            host=host,
            why=error.verify_message,
        )
    except OSError as error:
        return warn(
            "certificate",
            Sentence("%(host)s does not answer on port %(port)s from this machine (%(why)s)."),
            Sentence("Open the address elsewhere; where it does not open there either, start the web server in front."),
            host=host,
            port=port,
            why=error.strerror or type(error).__name__,
        )
    if ends - now < SOON:
        said = Sentence("The certificate of %(host)s ends on %(day)s.")
        return warn("certificate", said, RENEW, host=host, day=ends.date().isoformat())
    return ok("certificate", Sentence("The certificate of %(host)s is good until %(day)s."), host=host, day=ends.date())


def _ends(host: str, port: int) -> dt.datetime:
    """Return when the certificate ends, in UTC without a zone."""
    trusted = ssl.create_default_context()
    with (
        socket.create_connection((host, port), PATIENCE) as plain,
        trusted.wrap_socket(plain, server_hostname=host) as encrypted,
    ):
        found = encrypted.getpeercert() or {}
    seconds = ssl.cert_time_to_seconds(str(found["notAfter"]))
    return dt.datetime.fromtimestamp(seconds, dt.UTC).replace(tzinfo=None)

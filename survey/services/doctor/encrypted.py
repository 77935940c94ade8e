"""Whether what goes to a database server on another machine is encrypted, and goes to a server that is known."""

from typing import Final

from sqlalchemy import make_url

from survey.connections import is_here
from survey.faults import ENCRYPT
from survey.i18n import Sentence
from survey.services.doctor.check import Check, ok, warn

KNOWN: Final = frozenset({"verify-full", "verify-ca"})


def look(database_url: str) -> Check | None:
    """Look at the address of the database; None for a file, for this machine and its sockets."""
    address = make_url(database_url)
    host = str(address.query.get("host") or address.host or "")
    if address.get_backend_name() != "postgresql" or is_here(host):
        return None
    mode = str(address.query.get("sslmode", "prefer"))
    if mode in KNOWN:
        return ok("encryption", Sentence("The connection to the database server %(host)s is encrypted."), host=host)
    if mode == "disable":
        said = Sentence("The connection to the database server %(host)s is not encrypted, as its address says.")
        return ok("encryption", said, host=host)
    said = Sentence("The connection to the database server %(host)s is encrypted, but any server is believed.")
    return warn("encryption", said, ENCRYPT, host=host)

"""The way to a database server on another machine: nothing goes over it that others could read."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text

from survey import faults
from survey.database import engine, reading
from survey.i18n import LANGUAGES, Sentence
from survey.settings import SettingsError
from tests.cluster import cluster
from tests.services.mail_process import free_port
from tests.services.mail_server import CERTIFICATE

ADDRESS: Final = "127.0.0.2"
"""Of this machine, but none of the names by which survey knows it: to survey another one."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """Run a server that speaks TLS to those who ask for it, and give the address of a database there."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder) / "key.pem"
        shutil.copyfile(CERTIFICATE, key)
        key.chmod(0o600)
        if os.geteuid() == 0:
            for each in (folder, key):
                shutil.chown(each, "postgres", "postgres")
        speaks = f"-c ssl=on -c ssl_cert_file={key} -c ssl_key_file={key}"
        with cluster(f"-c listen_addresses={ADDRESS} -c port={port} {speaks}"):
            yield f"postgresql+psycopg://postgres@{ADDRESS}:{port}/postgres"


@pytest.mark.parametrize("asked", ["", "?sslmode=require", "?sslmode=disable"])
def test_what_is_encrypted_or_said_to_be_near_is_used(elsewhere: str, asked: str) -> None:
    """TLS is spoken where the server does, without being asked for; a network inside the machine needs none."""
    opened = engine(f"{elsewhere}{asked}")
    with reading(opened) as session:
        is_encrypted = session.scalar(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
    opened.dispose()
    assert is_encrypted == (asked != "?sslmode=disable")


def test_nothing_crosses_a_network_in_the_open(elsewhere: str) -> None:
    """A connection that is not encrypted, as that of a server without TLS, is refused in a sentence."""
    with pytest.raises(SettingsError, match="is not encrypted") as why:
        engine(f"{elsewhere}?sslmode=allow")
    assert faults.fault(why.value) is faults.AWAY
    assert all(ADDRESS in Sentence(why.value.text, why.value.facts).to(language) for language in LANGUAGES)

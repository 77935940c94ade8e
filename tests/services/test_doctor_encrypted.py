"""The doctor's look at the way to a database server."""

import pytest

from survey.i18n import LANGUAGES
from survey.services.doctor import encrypted

ELSEWHERE = "postgresql+psycopg://survey:secret@db.example.com/survey"


@pytest.mark.parametrize(
    ("address", "level"),
    [
        ("sqlite:////srv/survey/survey.db", None),
        ("postgresql+psycopg://survey@/survey", None),
        ("postgresql+psycopg://survey@localhost/survey", None),
        ("postgresql+psycopg://survey@[::1]:5433/survey", None),
        ("postgresql+psycopg://survey@/survey?host=/run/postgresql", None),
        (ELSEWHERE, "warn"),
        ("postgresql+psycopg://survey@/survey?host=db.example.com", "warn"),
        (f"{ELSEWHERE}?sslmode=prefer", "warn"),
        (f"{ELSEWHERE}?sslmode=require", "warn"),
        (f"{ELSEWHERE}?sslmode=verify-ca", "ok"),
        (f"{ELSEWHERE}?connect_timeout=3&sslmode=verify-full", "ok"),
        (f"{ELSEWHERE}?sslmode=disable", "ok"),
    ],
)
def test_a_server_elsewhere_is_to_be_reached_encrypted(address: str, level: str | None) -> None:
    """A warning where the address leaves it open, or would believe any server; the password is told to nobody."""
    found = encrypted.look(address)
    assert (found.level if found else None) == level
    if found:
        lines = [found.line(language) for language in LANGUAGES]
        assert all("%(" not in line and "secret" not in line and "db.example.com" in line for line in lines)

"""What is said to an operator whose new database, or whose settings, cannot be used: all he needs, and no password."""

from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.orm import Session

from survey.services.moving.in_use import others
from survey.settings import Settings, SettingsError
from tests.cluster import Cluster
from tests.journeys.test_setting_up import Operator

ADDRESSES = (
    "nonsense",
    "",
    "mysql://anna:horse@db/survey",
    "postgresql+psycopg://anna:horse@127.0.0.1:1/survey",
    "postgresql+psycopg://anna:battery@horse@127.0.0.1:1/survey",
    "postgresql+psycopg://anna@127.0.0.1:1/survey?password=horse",
    "postgresql+psycopg://anna:horse@127.0.0.1:1/survey?no_such_option=1",
    "sqlite:////no/such/folder/survey.db",
)


@pytest.fixture
def from_file(home: Path, sqlite_template: Path) -> Operator:
    """Give an operator whose installation lies in a file."""
    (home / "survey.db").write_bytes(sqlite_template.read_bytes())
    return Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL=f"sqlite:///{home / 'survey.db'}")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_cannot_be_used_is_told_without_its_password(from_file: Operator, address: str) -> None:
    """It is said which address is meant, the new one, in the operator's language; of a password not even its end."""
    told = from_file.unusable("migrate-database", address)
    assert told.startswith("Nothing was moved: TARGET_URL cannot be used.")
    assert "horse" not in told
    assert "battery" not in told
    korean = from_file.unusable("--lang", "ko", "migrate-database", address)
    assert korean.startswith("아무것도 옮기지 않았어요.")
    assert "Check" not in korean


def test_the_new_database_is_named_once(from_file: Operator, tmp_path: Path) -> None:
    """As a word, in a file, or in a variable: not twice, and not at all is no way either."""
    (tmp_path / "target").write_text("nonsense", "utf-8")
    assert "Name the new database once" in from_file.refused("migrate-database")
    both = from_file.refused("migrate-database", "nonsense", "--target-file", tmp_path / "target")
    assert "Name the new database once" in both
    from_file.variables["SURVEY_TARGET_DATABASE_URL"] = "nonsense"
    assert "TARGET_URL cannot be used" in from_file.unusable("migrate-database")


def test_a_password_on_the_command_line_is_told(from_file: Operator, postgresql: Cluster) -> None:
    """Whoever typed it there moves all the same, and reads that others could have read it; in a file nobody can."""
    name = postgresql.create()
    address = make_url(postgresql.url(name)).set(password="horse").render_as_string(hide_password=False)
    try:
        said = from_file.done("migrate-database", address)
    finally:
        postgresql.drop(name)
    assert "use --target-file next time" in said
    assert "horse" not in said


def test_a_user_without_rights_is_told_what_is_missing(from_file: Operator, postgresql: Cluster) -> None:
    """PostgreSQL lets nobody but the owner make tables in a new database: that is no mistake of ours."""
    name = postgresql.create()
    owner, guest = (make_url(postgresql.url(name)).set(username=user) for user in ("postgres", f"guest_{name}"))
    mine, theirs = (create_engine(address, poolclass=NullPool) for address in (owner, guest))
    try:
        with mine.begin() as connection:
            connection.execute(text(f'CREATE ROLE "{guest.username}" LOGIN'))
        told = from_file.unusable("migrate-database", guest.render_as_string())
        assert "(permission denied for schema public). Make that user the owner" in told
        assert told.count("\n") == 1
        with mine.connect() as other, Session(theirs) as session:
            other.execute(text("SELECT 1"))
            assert others(session) == 1  # whoever it is
    finally:
        postgresql.drop(name)


def test_workers_without_their_library_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command, and the doctor, says what is to be installed."""
    environment = {"SURVEY_WORKERS": "on", "SURVEY_DATABASE_URL": "postgresql+psycopg://db/survey"}
    assert Settings.from_environment(environment).workers
    monkeypatch.setattr("survey.settings.find_spec", lambda _name: None)
    with pytest.raises(SettingsError, match=r"pip install -r requirements/workers\.txt"):
        Settings.from_environment(environment)


@pytest.mark.parametrize("place", ["S3://bucket/reports", "gs://bucket", "https://store.example.com/bucket"])
def test_a_store_of_another_kind_is_no_folder(place: str) -> None:
    """A slip in SURVEY_REPORTS must not make a folder of that name."""
    with pytest.raises(SettingsError, match="SURVEY_REPORTS must be a folder or s3://BUCKET/PREFIX"):
        Settings.from_environment({"SURVEY_REPORTS": place})

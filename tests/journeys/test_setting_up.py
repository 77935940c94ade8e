import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.cli import main
from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.migrations import newest
from survey.services import mail_server
from survey.services.company import company
from survey.settings import SECRET_BYTES, Settings
from tests import cast
from tests.services.mail_server import Postbox, serving
from tests.services.workbooks import workbook

NAMES = ("--name-ko", "등대상사", "--name-en", "Lighthouse Trading")
ACCOUNT = ("--name", "Ada", "--role", "leader", "--language", "en")


class Operator:
    """Somebody at the command line, with the variables of one installation."""

    def __init__(self, **variables: str) -> None:
        self.variables = {
            "LANG": "C.UTF-8",
            "LC_ALL": "",
            "LC_MESSAGES": "",
            "SURVEY_PASSWORD": cast.PASSWORD,
            **variables,
        }

    def run(self, *words: str | Path) -> Result:
        """Type `survey` and these words."""
        return CliRunner().invoke(main, [str(word) for word in words], env=self.variables, catch_exceptions=False)

    def done(self, *words: str | Path) -> str:
        """Type a command that must succeed, and return what it says."""
        result = self.run(*words)
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout

    def refused(self, *words: str | Path) -> str:
        """Type a command that must be refused, and return the sentence."""
        result = self.run(*words)
        assert (result.exit_code, result.stdout) == (1, "")
        return result.stderr

    def unusable(self, *words: str | Path) -> str:
        """Type a command on an installation that cannot be used, and return what to do."""
        result = self.run(*words)
        assert (result.exit_code, result.stdout) == (2, "")
        return result.stderr


@pytest.fixture
def operator(home: Path, database_url: str) -> Operator:
    """Give an operator of an installation whose database has tables and nothing in them."""
    return Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL=database_url)


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """Give the cast's roster as a file."""
    path = tmp_path / "roster.csv"
    path.write_bytes(cast.roster_csv())
    return path


def test_from_nothing_to_a_leader_who_can_sign_in(operator: Operator, roster: Path) -> None:
    """The steps of an operator, each with the sentence that it ends in."""
    assert "is ready for Lighthouse Trading." in operator.done("init", *NAMES)
    assert "27 people in 7 units. Joined: 27" in operator.done("import-roster", roster)
    assert "ada@example.com can sign in." in operator.done("create-account", "Ada@example.com", *ACCOUNT)
    assert "all below them: SALES." in operator.done("grant", "ada@example.com", "SALES")
    assert "since 2026-10-01." in operator.done("adopt-practice", "NORTH", "stand_ups", "--since", "2026-10-01")
    assert "can sign in" in operator.done("set-password", "ada@example.com")
    assert newest() in operator.done("migrate")
    assert "The audit log is whole: 6 entries" in operator.done("verify-audit-log")


def test_the_same_in_korean(operator: Operator, roster: Path) -> None:
    """--lang chooses the language of every sentence, and so does the terminal's own setting."""
    assert "회사: 등대상사" in operator.done("--lang", "ko", "init", *NAMES)
    operator.variables["LANG"] = "ko_KR.UTF-8"
    assert "들어온 사람 27명" in operator.done("import-roster", roster)
    assert "계정이 없어요" in operator.refused("grant", "eve@example.com", "SALES")


def test_a_first_run_makes_home_secret_and_database(tmp_path: Path) -> None:
    """On a machine with nothing, one command makes it all, for its own user alone; again, it keeps what is there."""
    home = tmp_path / "new" / "home"
    operator = Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL=f"sqlite:///{home / 'survey.db'}")
    assert "SURVEY_HOME" not in operator.done("init", *NAMES)
    secret = (home / "secret.key").read_bytes()
    assert len(secret) == SECRET_BYTES
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (home, *home.iterdir())}
    assert modes == {"home": 0o700, "secret.key": 0o600, "survey.db": 0o600}
    assert "Lighthouse Trading" in operator.done("init")
    assert (home / "secret.key").read_bytes() == secret


def test_a_company_must_have_its_names(tmp_path: Path) -> None:
    """A first run without names, or with one of two, says what to add."""
    operator = Operator(SURVEY_HOME=str(tmp_path), SURVEY_DATABASE_URL=f"sqlite:///{tmp_path / 'survey.db'}")
    assert "Run: survey init --name-ko" in operator.refused("init")
    assert "in both languages" in operator.refused("init", "--name-ko", "등대상사")


def test_an_installation_that_was_never_made_says_so(tmp_path: Path) -> None:
    """Without a folder, and without tables, the sentence names the command to run."""
    home = tmp_path / "home"
    operator = Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL=f"sqlite:///{home / 'survey.db'}")
    assert "Run: survey init" in operator.unusable("verify-audit-log")
    home.mkdir()
    assert "run: survey init" in operator.unusable("verify-audit-log")
    assert "다음을 실행해 주세요: survey init" in operator.unusable("--lang", "ko", "verify-audit-log")
    assert "must begin with sqlite" in Operator(SURVEY_DATABASE_URL="mysql://x/y").unusable("migrate")


def test_a_home_that_cannot_be_written_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file where the folder should be, and a folder of somebody else, end in a sentence each."""
    (tmp_path / "file").write_text("")
    at_a_file = Operator(SURVEY_HOME=str(tmp_path / "file" / "home"))
    assert "cannot be made (Not a directory)" in at_a_file.unusable("init")
    (tmp_path / "secret.key").mkdir()
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere: the kernel's answer is given here
    assert "cannot be written" in Operator(SURVEY_HOME=str(tmp_path)).unusable("init")


@pytest.mark.parametrize("name", ["roster.csv", "roster.xlsx"])
def test_a_bad_roster_changes_nothing_and_lists_its_cells(operator: Operator, tmp_path: Path, name: str) -> None:
    """A file with mistakes is refused with a line for each; the roster of before stands."""
    rows = [["이름", "사번", "이메일", "언어", "부서코드", "상위코드"], ["", "1", "x", "ko", "CO", ""]]
    path = tmp_path / name
    text = "\n".join(",".join(cells) for cells in rows)
    path.write_bytes(workbook(rows) if name.endswith("xlsx") else text.encode("cp949"))
    told = operator.refused("import-roster", path)
    assert "Row 2, column 이름: The cell is empty." in told
    assert "Row 2, column 이메일: x is not an e-mail address." in told
    assert "2행 이름 열: 칸이 비어 있어요." in operator.refused("--lang", "ko", "import-roster", path)


def test_an_edited_audit_log_is_told(operator: Operator, database_url: str) -> None:
    """The command ends with 1 where an entry was edited, and where the auditor's head is missing."""
    operator.done("init", *NAMES)
    assert "the head abc is not in it" in operator.refused("verify-audit-log", "--head", "abc")
    opened = open_engine(database_url)
    with writing(opened) as session:
        session.connection().exec_driver_sql("UPDATE audit_entry SET act = 'x'")
    opened.dispose()
    assert "The audit log was edited: entry 1" in operator.refused("verify-audit-log")


def test_a_company_is_changed_by_what_is_named_only(operator: Operator, database_url: str) -> None:
    """A second init changes the time zone and the rule of the second step, and keeps names and word for a unit."""
    operator.done("init", *NAMES, "--unit-word", "store", "--language", "en")
    operator.done("init", "--time-zone", "Europe/Berlin", "--second-step", "hr")
    assert "no time zone Mars/Base" in operator.refused("init", "--time-zone", "Mars/Base")
    opened = open_engine(database_url)
    with reading(opened) as session:
        found = company(session)
    opened.dispose()
    assert (found.name_en, found.unit_word, found.language) == ("Lighthouse Trading", "store", "en")
    assert (found.time_zone, found.second_step) == ("Europe/Berlin", "hr")


def test_mail_is_set_and_tried_from_the_command_line(operator: Operator, home: Path) -> None:
    """A server is kept and takes a test letter; where it takes none, the advice follows what it said."""
    operator.done("init", *NAMES)
    box = Postbox()
    with serving(box) as port:
        server = ("--server", "127.0.0.1", "--port", str(port), "--encryption", "none", "--sender", "hr@example.com")
        assert "mail settings are kept" in operator.done("set-mail", *server)
        assert "taken a test letter to cy@example.com" in operator.done("test-mail", "cy@example.com")
    failed = operator.run("test-mail", "cy@example.com")
    assert (failed.exit_code, "refused" in failed.stdout) == (1, True)
    assert "nothing listens on port" in failed.stderr
    assert box.readers == ["cy@example.com"]
    operator.done("set-mail", "--files")
    assert f"as a file in {home / 'letters'}" in operator.done("test-mail", "cy@example.com")
    assert "either --server, or --files" in operator.refused("set-mail")


def test_the_password_of_the_mail_account_is_asked_for(operator: Operator, database_url: str, home: Path) -> None:
    """It comes from the prompt or from its variable; the port follows the encryption, the sender the user."""
    operator.done("init", *NAMES)
    server = ("set-mail", "--server", "SMTP.example.com", "--encryption", "implicit", "--user", "hr@example.com")
    asked = CliRunner().invoke(main, list(server), input="sesame\n", env=operator.variables, catch_exceptions=False)
    assert (asked.exit_code, "sesame" in asked.output) == (0, False)
    operator.variables["SURVEY_MAIL_PASSWORD"] = "open sesame"
    operator.done(*server)
    opened = open_engine(database_url)
    settings = Settings.from_environment({"SURVEY_HOME": str(home)})
    with reading(opened) as session:
        found = mail_server.mail(session, settings).server
    opened.dispose()
    assert found is not None
    assert (found.host, found.port, found.password) == ("smtp.example.com", 465, "open sesame")
    assert found.sender == "hr@example.com"

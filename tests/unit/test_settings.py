import secrets
from pathlib import Path

import pytest

from survey.settings import SECRET_BYTES, Settings, SettingsError


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SURVEY_DATABASE_URL", "", "must begin with sqlite:///"),
        ("SURVEY_DATABASE_URL", "mysql://user:topsecret@host/x", r"it begins with 'mysql'\)"),
        ("SURVEY_URL", "survey.example.com", "must be a web address"),
        ("SURVEY_URL", "ftp://survey.example.com", "must be a web address"),
        ("SURVEY_URL", "https://", "must be a web address"),
        ("SURVEY_URL", "https://[", "must be a web address"),
        ("SURVEY_MAIL_URL", "pigeon:coop", "must begin with smtp://"),
        ("SURVEY_PROXY_HOPS", "-1", "whole number of 0 or more, not '-1'"),
        ("SURVEY_PROXY_HOPS", "two", "whole number of 0 or more, not 'two'"),
        ("SURVEY_PROXY_HOPS", "²", "whole number of 0 or more"),
        ("SURVEY_METRICS_TOKEN", "topsecret", "use 24 characters or more"),
        ("SURVEY_PROXY_HOPS", "8000", "8 at most, not 8000"),
        ("SURVEY_LOG", "yaml", "must be text or json, not 'yaml'"),
    ],
)
def test_a_setting_that_cannot_work_is_told_by_its_name(name: str, value: str, sentence: str) -> None:
    """Each sentence names the variable and what to write; a password in it is not repeated."""
    with pytest.raises(SettingsError, match=sentence) as error:
        Settings.from_environment({name: value})
    assert name in str(error.value)
    assert "topsecret" not in str(error.value)


def test_without_any_variable_all_is_kept_in_one_folder() -> None:
    """Database and letters lie in the home folder, and letters go nowhere."""
    settings = Settings.from_environment({"SURVEY_HOME": "/srv/survey"})
    assert settings.database_url == "sqlite:////srv/survey/survey.db"
    assert (settings.mail_url, str(settings.letters)) == ("", "/srv/survey/letters")
    assert (settings.base_url, settings.proxy_hops) == ("http://127.0.0.1:8000", 0)


def test_a_missing_secret_is_told_with_the_command_to_run(tmp_path: Path) -> None:
    """Nothing is signed with a secret that was never made, or that was cut short."""
    settings = Settings.from_environment({"SURVEY_HOME": str(tmp_path)})
    with pytest.raises(SettingsError, match=r"No secret at .* Run: survey init"):
        settings.secret()
    settings.secret_path.write_bytes(b"short")
    with pytest.raises(SettingsError, match=r"shorter than 32 bytes\. Delete it, and run: survey init"):
        settings.secret()
    drawn = secrets.token_bytes(SECRET_BYTES)
    settings.secret_path.write_bytes(drawn)
    assert settings.secret() == drawn


@pytest.mark.parametrize("typed", [bytes(32), b"\xff" * 64, b"change me, please! " * 3, b"0123456789abcdef" * 4])
def test_a_secret_that_can_be_guessed_is_refused(tmp_path: Path, typed: bytes) -> None:
    """Zeros, a word typed several times, digits in a row: the sentence says to make a new one, and not what it was."""
    settings = Settings.from_environment({"SURVEY_HOME": str(tmp_path)})
    settings.secret_path.write_bytes(typed)
    with pytest.raises(SettingsError, match=r"can be guessed: .* Delete it, and run: survey init") as error:
        settings.secret()
    assert "change me" not in str(error.value)
    settings.secret_path.write_bytes(secrets.token_hex(32).encode())
    assert len(settings.secret()) == 64

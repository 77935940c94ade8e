"""Settings of the company's OpenID provider."""

from pathlib import Path

import pytest

from survey.settings import Settings, SettingsError


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Give the variables of an operator whose company has a provider."""
    secret = tmp_path / "provider.secret"
    secret.write_text("a secret\n")
    ours = {"SURVEY_OIDC_ISSUER": "https://id.example.com", "SURVEY_OIDC_CLIENT_ID": "survey"}
    return {**ours, "SURVEY_URL": "https://survey.example.com", "SURVEY_OIDC_SECRET_FILE": str(secret)}


def test_the_secret_is_read_from_its_file(environment: dict[str, str]) -> None:
    """It stands in no variable, and so in no list of processes; the line's end is none of it."""
    settings = Settings.from_environment(environment)
    assert settings.oidc_secret() == "a secret"
    assert Settings.from_environment({}).oidc_issuer == ""


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"SURVEY_OIDC_CLIENT_ID": ""}, "set all three, or none"),
        ({"SURVEY_OIDC_ISSUER": "http://id.example.com"}, "SURVEY_OIDC_ISSUER must begin with https://"),
        ({"SURVEY_URL": "http://survey.example.com"}, "SURVEY_URL must begin with https://"),
        ({"SURVEY_OIDC_SECRET_FILE": "/no/such/file"}, "cannot be read"),
        ({"SURVEY_OIDC_SECRET_FILE": "/dev/null"}, "is empty"),
    ],
)
def test_settings_that_cannot_work_are_refused(environment: dict[str, str], changed: dict[str, str], told: str) -> None:
    """At the start, by name, with the cure."""
    with pytest.raises(SettingsError, match=told):
        Settings.from_environment({**environment, **changed})

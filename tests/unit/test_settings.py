import secrets
from pathlib import Path

import pytest

from survey.i18n import Sentence
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


@pytest.mark.parametrize(
    "name",
    ["SURVEY_URL", "SURVEY_MAIL_URL", "SURVEY_MAIL_FROM", "SURVEY_OIDC_ISSUER", "SURVEY_OIDC_CLIENT_ID"],
)
@pytest.mark.parametrize(
    "sign",
    ["\r\n", "\n", "\r", "\t", "\0", "\x1b[2J", "\x7f", "\x85", "\u2028", "\u202e", "\u200b", "\ufeff", "\udcff"],
)
@pytest.mark.parametrize("at_the_end", [True, False])
def test_what_nobody_sees_is_told_and_not_repeated(name: str, sign: str, *, at_the_end: bool) -> None:
    """Letters begin with these, pages show them: a line break would begin a header of its own, a mark turn a link."""
    good = {
        "SURVEY_URL": "https://survey.example.com", "SURVEY_MAIL_URL": "smtp://mail.example.com",
        "SURVEY_OIDC_ISSUER": "https://id.example.com",
    }.get(name, "hr@example.com")  # fmt: skip
    value = f"{good}{sign}" if at_the_end else f"{good[:9]}{sign}Bcc: canary@example.com{good[9:]}"
    with pytest.raises(SettingsError, match="a sign nobody sees") as error:
        Settings.from_environment({name: value})
    for said in (str(error.value), Sentence(error.value.text, error.value.facts).to("ko")):
        assert name in said
        assert said.isprintable()
        assert "Bcc" not in said
    assert "보이지 않는 글자" in said


@pytest.mark.parametrize("sign", [*" \"'<>\\^`{|}?#", "\u00a0", "\u3000"])
@pytest.mark.parametrize("begun", ["https://survey.example.com/a{}b", "https://survey{}.example.com", "http://x/{}"])
def test_an_address_that_would_end_a_link_is_refused(begun: str, sign: str) -> None:
    """A quotation mark ends an attribute, a space the link of a plain letter, ? and # take what follows."""
    with pytest.raises(SettingsError, match="cannot hold spaces, quotes") as error:
        Settings.from_environment({"SURVEY_URL": begun.format(sign)})
    assert "SURVEY_URL" in Sentence(error.value.text, error.value.facts).to("ko")


@pytest.mark.parametrize(
    "address",
    [
        "http://[::1]:8000",
        "https://설문.회사.한국/조사",
        "https://a-b_c.example.com:8443/team~1/%ED%9A%8C/",
        "http://x",
    ],
)
def test_addresses_that_links_begin_with_are_taken(address: str) -> None:
    """Numbers, ports, folders, Korean names: whatever a browser opens."""
    assert Settings.from_environment({"SURVEY_URL": address}).base_url == address.rstrip("/")


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

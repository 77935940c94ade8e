"""The Compose files keep what the manual promises of them: closed in, nothing published but the web, no traces kept."""

import re
from typing import Any, Final

import pytest
import yaml

from survey.traces import TRACELESS
from tests.house.source import ROOT
from tests.house.test_deploy import DEPLOY, commands, text, understood

FILES: Final = ("compose.yaml", "compose.postgresql.yaml")
NEEDED: Final = {"web": ["NET_BIND_SERVICE"]}
"""Capabilities that a container is given back, by service."""
LISTED: Final = ("networks", "volumes")
"""What Compose adds up of a service that stands in both files."""


def read(*names: str) -> dict[str, Any]:
    """Return the services of files as Compose lays them over each other, and under "networks" the networks."""
    services: dict[str, dict[str, Any]] = {}
    networks: dict[str, Any] = {}
    for name in names:
        file = yaml.safe_load(text(name))
        networks |= file.get("networks", {})
        for service, given in file["services"].items():
            had = services.setdefault(service, {})
            added = {key: [*had.get(key, []), *given[key]] for key in LISTED if key in given}
            environment = {"environment": {**had.get("environment", {}), **given.get("environment", {})}}
            services[service] = {**had, **given, **environment, **added}
    return {"services": services, "networks": networks}


SERVICES: Final[dict[str, dict[str, Any]]] = read(*FILES)["services"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_container_is_closed(name: str) -> None:
    """It runs on a file system that it cannot write, without capabilities it does not need, and gains none."""
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == NEEDED.get(name, [])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["pids_limit"] <= 256
    assert not {"privileged", "devices", "pid", "ipc", "network_mode", "userns_mode"} & service.keys()
    assert not [volume for volume in service["volumes"] if "docker.sock" in volume]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_what_is_not_ours_can_only_be_read(name: str) -> None:
    """A file of the host is handed in to be read, and exists."""
    handed = [volume.split(":") for volume in SERVICES[name]["volumes"] if volume.startswith((".", "/"))]
    assert all(way == "ro" and (DEPLOY / path).is_file() for path, _, way in handed)


def test_only_the_web_server_can_be_reached() -> None:
    """No port is published but those of http and https, and the others' logs end some day."""
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["80:80", "443:443", "443:443/udp"]}
    assert {name for name, service in SERVICES.items() if service.get("logging") != {"driver": "local"}} == {"backup"}


def test_the_database_shares_a_network_with_those_who_read_rows_only() -> None:
    """It has no way out, and the web server has none to it."""
    (network,) = SERVICES["database"]["networks"]
    assert read(*FILES)["networks"][network] == {"internal": True}
    assert {name for name, service in SERVICES.items() if network in service["networks"]} == {
        "database",
        "survey",
        "worker",
        "backup",
    }
    assert SERVICES["database"]["user"] == "postgres"


def test_the_survey_reads_the_settings_it_is_given() -> None:
    """What stands in the files are settings; where the host's name or the password is missing, Compose says so."""
    known = set(re.findall(r'"(SURVEY_[A-Z_]+)"', (ROOT / "survey" / "settings.py").read_text("utf-8")))
    for name in ("survey", "worker", "backup"):
        assert SERVICES[name]["environment"].keys() <= known
    assert SERVICES["survey"]["environment"]["SURVEY_PROXY_HOPS"] == "1"
    asked = {name for file in FILES for name in re.findall(r"\$\{([A-Z_]+):\?", text(file))}
    assert asked == {"SURVEY_HOST", "POSTGRES_PASSWORD"}
    assert (
        SERVICES["survey"]["environment"]["SURVEY_DATABASE_URL"]
        == SERVICES["backup"]["environment"]["SURVEY_DATABASE_URL"]
    )


def test_a_backup_is_a_command_and_our_image_is_never_asked_for_elsewhere() -> None:
    """The container that backs up runs a command that exists; no registry is asked for a name that is ours."""
    (words,) = commands(" ".join(SERVICES["backup"]["entrypoint"]))
    assert words == ["backup", "/backups/survey-today.backup"]
    assert understood(words)
    ours = {name: service["pull_policy"] for name, service in SERVICES.items() if service["image"] == "survey"}
    assert ours == {"survey": "never", "worker": "never", "backup": "never"}


def test_the_worker_is_one() -> None:
    """Its command exists, it shares rows, folder and settings with the pages, and hears when to give back its jobs."""
    worker, pages = SERVICES["worker"], SERVICES["survey"]
    assert understood(worker["command"])
    assert worker["stop_signal"] == "SIGTERM"
    ours, theirs = (
        {name: re.sub(r":\?[^}]+", "", value) for name, value in service["environment"].items()}
        for service in (worker, pages)
    )
    assert ours.items() <= theirs.items()
    assert worker["env_file"] == pages["env_file"]
    assert set(worker["volumes"]) <= set(pages["volumes"])


def test_the_database_keeps_no_traces() -> None:
    """What it is started with is what a wave needs before it opens."""
    program, *words = SERVICES["database"]["command"]
    assert program == "postgres"
    assert set(words[::2]) == {"-c"}
    given = dict(word.split("=") for word in words[1::2])
    assert given == {name: TRACELESS[name] for name in given}
    assert {"track_commit_timestamp", "archive_mode", "log_statement", "log_min_duration_statement"} <= given.keys()


def test_the_survey_is_no_superuser_of_its_database() -> None:
    """The role that its address names is made with no more than a password, and the superuser's is taken away."""
    role = re.fullmatch(
        r"postgresql\+psycopg://(\w+):\$\{.+\}@database/(\w+)\?sslmode=disable",
        SERVICES["survey"]["environment"]["SURVEY_DATABASE_URL"],
    )
    assert role
    orders = [line for line in text("postgresql.sql").splitlines() if line and not line.startswith("--")]
    assert orders == [
        r"\getenv password POSTGRES_PASSWORD",
        f"CREATE ROLE {role[1]} LOGIN PASSWORD :'password';",
        f"CREATE DATABASE {role[2]} OWNER {role[1]};",
        "ALTER ROLE postgres PASSWORD NULL;",
    ]
    assert "POSTGRES_USER" not in SERVICES["database"]["environment"]


def test_the_web_server_writes_down_nobody() -> None:
    """No log of who came, and what its errors would tell of them is left out."""
    lines = [line.strip() for line in text("Caddyfile").splitlines() if not line.strip().startswith("#")]
    assert [line for line in lines if line.startswith("log")] == ["log default {"]
    assert lines[lines.index("log default {") + 1] == "exclude http"


def test_what_stops_a_container_is_heard() -> None:
    """The first process of a container hears SIGINT, not SIGTERM; the unit does the same."""
    assert re.search(r"^STOPSIGNAL SIGINT$", text("Dockerfile"), re.MULTILINE)
    assert re.search(r"^KillSignal=SIGINT$", text("survey.service"), re.MULTILINE)


def test_what_is_secret_is_not_taken_into_the_repository() -> None:
    """The files beside the Compose file that hold a password or a token are nobody's to commit."""
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {"/deploy/.env", "/deploy/survey.env"} <= set(ignored)

"""The files under deploy/ name commands, settings and packages that exist, and close what can be closed."""

import re
import shlex
import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path
from typing import Final

import click
import pytest
from flask import Flask

from survey.app import main
from tests.house.source import ROOT
from tests.journeys.driving import served

DEPLOY: Final = ROOT / "deploy"
PROGRAM: Final = "/opt/survey/.venv/bin/survey"
SERVICES: Final = sorted(path.name for path in DEPLOY.glob("*.service"))
TIMERS: Final = sorted(path.name for path in DEPLOY.glob("*.timer"))
CLOSED: Final = {
    "nonewprivileges": "true",
    "protectsystem": "strict",
    "protecthome": "true",
    "privatetmp": "true",
    "privatedevices": "true",
    "restrictsuidsgid": "true",
    "capabilityboundingset": "",
    "umask": "0077",
    "statedirectorymode": "0700",
    "user": "survey",
}


def text(name: str) -> str:
    """Return a file under deploy/."""
    return (DEPLOY / name).read_text("utf-8")


def unit(name: str) -> RawConfigParser:
    """Return a unit of systemd; of a key that stands twice the last."""
    parser = RawConfigParser(strict=False)
    parser.read_string(text(name))
    return parser


def understood(words: list[str]) -> bool:
    """Tell whether `survey` has this command, and takes these words."""
    assert isinstance(main, click.Group)
    command = main.commands.get(words[0])
    if command is None:
        return False
    command.make_context(words[0], words[1:])  # raises for an option that does not exist
    return True


def commands(line: str) -> list[list[str]]:
    """Return the words after `survey` in a line of shell, a unit or a list of Compose."""
    line = re.sub(r"\$\$\(date [^)]+\)", "today", line)
    found = re.findall(rf"(?:{re.escape(PROGRAM)}|exec survey) ([^'\"\]]+)", line)
    return [shlex.split(words) for words in found]


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_runs_a_command_and_is_closed(name: str) -> None:
    """What it starts exists, and nothing but its own folder is in its reach."""
    service = dict(unit(name)["Service"])
    (words,) = commands(service["execstart"])
    assert understood(words)
    assert {key: service.get(key) for key in CLOSED} == CLOSED


@pytest.mark.parametrize("name", TIMERS)
def test_a_timer_has_its_service(name: str) -> None:
    """A timer starts the service of its name, and catches up after the machine was off."""
    assert name.replace(".timer", ".service") in SERVICES
    assert unit(name)["Timer"]["persistent"] == "true"
    assert unit(name)["Install"]["wantedby"] == "timers.target"


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """Where systemd is there, it finds nothing wrong with them."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        return
    for name in (*SERVICES, *TIMERS):
        (tmp_path / name).write_text(text(name).replace(PROGRAM, sys.executable), "utf-8")
    paths = [str(tmp_path / name) for name in (*SERVICES, *TIMERS)]
    found = subprocess.run([analyze, "verify", "--man=no", *paths], capture_output=True, text=True, check=False)  # noqa: S603 - our own units
    assert [line for line in found.stderr.splitlines() if any(name in line for name in (*SERVICES, *TIMERS))] == []


def test_the_image_holds_what_the_product_needs() -> None:
    """The packages are those that bin/demo installs, what is copied exists and is let in, and the user is not root."""
    file, let_in = text("Dockerfile"), text("Dockerfile.dockerignore").splitlines()
    printing = re.search(r'PRINTING="([^"]+)"', (ROOT / "bin" / "set-up.sh").read_text("utf-8"))
    assert printing
    assert f"--no-install-recommends {printing[1]} " in file
    copied = [word for line in re.findall(r"^COPY (?!--from)(.+) \S+$", file, re.MULTILINE) for word in line.split()]
    assert {word.split("/", 1)[0] for word in copied} == {line[1:] for line in let_in if line.startswith("!")}
    assert all((ROOT / word).exists() for word in copied)
    assert set(re.findall(r"^FROM (\S+)", file, re.MULTILINE)) == {"python:3.11-slim-bookworm"}
    assert re.search(r"^USER survey$", file, re.MULTILINE)
    entry, default = re.findall(r"^(?:ENTRYPOINT|CMD) \[(.+)\]$", file, re.MULTILINE)
    assert understood([*shlex.split(entry), *shlex.split(default.replace(",", " "))][1:])


def test_the_image_tells_whether_it_is_well(app: Flask) -> None:
    """Its own look at itself passes on a server that works, and fails on one whose tables are gone."""
    look = re.search(r'"python", "-c", "([^"]+)"', text("Dockerfile"))
    assert look

    def well(address: str) -> bool:
        command = [sys.executable, "-c", look[1].replace("http://127.0.0.1:8000", address)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 - our own file

    with served(app) as address:
        assert well(address)
        with app.extensions["survey.engine"].begin() as connection:
            connection.exec_driver_sql("DROP TABLE alembic_version")
        assert not well(address)


def test_every_setting_that_they_name_exists() -> None:
    """A variable that nothing reads would be a promise."""
    known = set(re.findall(r'"(SURVEY_[A-Z_]+)"', (ROOT / "survey" / "settings.py").read_text("utf-8")))
    named = {word for path in DEPLOY.iterdir() for word in re.findall(r"SURVEY_[A-Z_]+", path.read_text("utf-8"))}
    assert named - known == {"SURVEY_HOST"}


def test_the_manual_names_every_file() -> None:
    """docs/operating.md says what each file is for."""
    manual = (ROOT / "docs" / "operating.md").read_text("utf-8")
    hidden = {"Dockerfile.dockerignore"}
    assert [path.name for path in sorted(DEPLOY.iterdir()) if path.name not in hidden and path.name not in manual] == []

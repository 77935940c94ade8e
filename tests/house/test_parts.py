"""What the product is made of: each part by name, under a licence that goes with ours, and told to programs."""

import json
import re
from email.message import Message
from importlib.metadata import metadata, version
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from survey.services.parts import installed, licences
from survey.services.parts.cyclonedx import bill
from survey.services.parts.installed import Part, parts, plain
from tests.house.source import ROOT
from tests.journeys.test_setting_up import Operator

LOCKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)
HASHES = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def locked(name: str) -> dict[str, str]:
    """Return the libraries of a locked file, with their versions."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    return {plain(library): release for library, release in LOCKED.findall(text)}


def test_every_part_has_a_licence_that_goes_with_ours() -> None:
    """No library, script or font whose licence is unknown or forbids handing it on beside Apache-2.0."""
    strange = {part.name: part.licence for part in parts() if not licences.goes_with_ours(part.licence)}
    assert strange == {}


def test_the_list_is_what_is_locked() -> None:
    """The parts are the locked libraries of the product, in their locked versions, and what `bin/vendor` packed."""
    asked = {name: release for file in installed.PRODUCT for name, release in locked(file).items()}
    here = {part.name: part.version for part in parts() if part.kind == "library"}
    assert here == asked
    assert {part.name for part in parts() if part.kind == "page"} == {
        path.name for path in (ROOT / "survey" / "static" / "vendor").iterdir() if path.is_dir()
    }


def test_every_locked_library_has_its_hashes() -> None:
    """Nothing can be installed in the place of what was looked at: each entry of each locked file names its digests."""
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        entries = re.split(r"\n(?=[A-Za-z0-9])", path.read_text("utf-8"))
        bare = [entry.splitlines()[0] for entry in entries if LOCKED.match(entry) and not HASHES.search(entry)]
        assert bare == [], path.name


def test_what_was_read_in_licence_files_is_needed() -> None:
    """An entry that was made by hand is for a library of ours whose own metadata do not say it."""
    ours = {part.name for part in parts()}
    for name, licence in licences.READ.items():
        assert name in ours, name
        assert "License-Expression" not in metadata(name), name
        assert licences.goes_with_ours(licence), name


def test_the_bill_is_valid_and_the_same_each_time() -> None:
    """A validator of CycloneDX takes it; every need it names is a part of it."""
    made = bill(parts(), "1.0")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(made)) is None
    assert made == bill(parts(), "1.0")
    assert made["serialNumber"] != bill(parts()[1:], "1.0")["serialNumber"]
    listed = {part["bom-ref"] for part in made["components"]}
    assert {need for each in made["dependencies"] for need in each["dependsOn"]} <= listed


def test_an_operator_lists_and_writes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both commands need no installation; a licence that does not fit is named, and ends in exit code 1."""
    operator = Operator(SURVEY_HOME=str(tmp_path / "none"))
    told = operator.done("licences").splitlines()
    assert any(line.split() == ["flask", version("flask"), "BSD-3-Clause"] for line in told)
    assert told[-1].endswith("all their licences go with Apache-2.0.")
    assert operator.done("sbom", "-o", tmp_path / "survey.cdx.json") == ""
    assert (tmp_path / "survey.cdx.json").read_text("utf-8") == operator.done("sbom")
    monkeypatch.setattr("survey.cli.parts.parts", lambda: (Part("library", "copied", "1", "GPL-3.0-only"),))
    refused = operator.run("licences")
    assert (refused.exit_code, "look at the licences of these: copied" in refused.stdout) == (1, True)


def test_an_image_without_requirements_lists_all_that_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no source tree says what is ours, nothing that is installed is left out."""
    ours = {part.name for part in parts()}
    monkeypatch.setattr(installed, "REQUIREMENTS", Path("/nowhere"))
    assert {"pytest"} | ours <= {part.name for part in parts()}


@pytest.mark.parametrize(
    ("facts", "licence"),
    [
        ({"License-Expression": "MIT"}, "MIT"),
        ({"License": "Apache License 2.0"}, "Apache-2.0"),
        ({"License": "BSD"}, licences.UNKNOWN),
        ({"Classifier": "License :: OSI Approved :: MIT License"}, "MIT"),
        ({"Classifier": "License :: OSI Approved :: BSD License"}, licences.UNKNOWN),
        ({}, licences.UNKNOWN),
    ],
)
def test_a_licence_is_taken_only_where_it_is_clear(facts: dict[str, str], licence: str) -> None:
    """What could mean two licences, or none, is not guessed."""
    told = Message()
    for name, value in facts.items():
        told[name] = value
    assert licences.of("somebodys", told) == licence

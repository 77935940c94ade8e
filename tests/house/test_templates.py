import json
import re
import secrets
from pathlib import Path

import pytest
from jinja2 import Environment

from survey.settings import Settings
from survey.web.factory import create_app
from tests.house.source import ROOT

TEMPLATES = ROOT / "templates"
PAGES = sorted(
    path.relative_to(TEMPLATES).as_posix()
    for path in TEMPLATES.rglob("*.html")
    if '{% extends "layout.html" %}' in path.read_text("utf-8")
)
WEB = sorted(
    path.relative_to(TEMPLATES).as_posix()
    for path in TEMPLATES.rglob("*.html")
    if path.relative_to(TEMPLATES).parts[0] not in {"report", "email"}
)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Give what the web application reads its templates with."""
    home = tmp_path_factory.mktemp("home")
    (home / "secret.key").write_bytes(secrets.token_bytes(32))
    return create_app(Settings.from_environment({"SURVEY_HOME": str(home)})).jinja_env


@pytest.mark.parametrize("name", WEB)
def test_a_template_compiles(environment: Environment, name: str) -> None:
    """A template is understood before somebody opens its page."""
    assert environment.get_template(name).name == name


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_a_title_and_one_heading(name: str) -> None:
    """A page says where one is, in the tab and above the text."""
    text = (TEMPLATES / name).read_text("utf-8")
    assert re.search(r"{% block title %}.+{% endblock %}", text)
    assert text.count("<h1") == 1


@pytest.mark.parametrize("name", WEB)
def test_a_template_holds_nothing_that_the_policy_blocks(name: str) -> None:
    """No style attribute, no inline script, no handler in an attribute, no address of another site."""
    text = (TEMPLATES / name).read_text("utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|javascript:|https?://(?!www\.w3\.org)", text)
    assert all("src=" in tag or 'type="application/json"' in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("name", WEB)
def test_every_form_that_is_posted_holds_its_token(name: str) -> None:
    """A form of HR or of a leader without its token would be refused."""
    if name.split("/", maxsplit=1)[0] in {"responses", "receipts", "profile", "promises", "welcome"}:
        return
    text = (TEMPLATES / name).read_text("utf-8")
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.DOTALL)
    assert all("csrf()" in form or "csrf_token" in form for form in forms)


def test_the_vendored_files_are_those_of_the_manifest() -> None:
    """Every file under vendor is listed with its package, and each package brings its licence."""
    vendor = Path(ROOT / "survey" / "static" / "vendor")
    listed = json.loads((vendor / "manifest.json").read_text("utf-8"))
    files = {f"{package['name']}/{file}" for package in listed for file in package["files"]}
    there = {path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()}
    assert there - {"manifest.json"} == files
    assert all(any(file.startswith("LICENSE") for file in package["files"]) for package in listed)

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from reports import made_of
from reports.edition import LIBRARIES, edition, sources
from reports.made_of import ROOT
from survey.privacy.notices import NOTHING
from tests.reports import company
from tests.reports.test_errata import ERRATUM, corrected


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Print units of every kind in a process of their own, and return what it opened and loaded."""
    first, second = company.publication(), corrected(ERRATUM)
    units = [unit.code for unit in first.units]
    cases = [
        ((first.frozen(),), NOTHING, units),
        ((first.frozen(), second.frozen()), second.afterwards, units[:1]),
    ]
    file = tmp_path_factory.mktemp("opened") / "cases"
    file.write_bytes(pickle.dumps(cases))
    command = [sys.executable, "-m", "tests.reports.opened", str(file)]
    found = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)  # noqa: S603 - our own
    told: dict[str, list[str]] = json.loads(found.stdout)
    return told


def test_all_that_is_opened_counts_and_nothing_else(opened: dict[str, list[str]]) -> None:
    """The edition is made of the very files that a printing process opens: modules, templates, words, practices."""
    counted = {str(path.relative_to(ROOT)) for path in sources() if path.suffix != ".ttf"}
    assert sorted(counted) == opened["files"]


def test_the_fonts_of_print_count() -> None:
    """Fonts are opened by a library that tells nobody: every file that a page may be set in counts."""
    fonts = {path.name for path in sources() if path.suffix == ".ttf"}
    assert fonts == {path.name for path in (ROOT / "survey" / "static" / "fonts").iterdir()} - {"OFL.txt"}


def test_all_libraries_that_are_loaded_count(opened: dict[str, list[str]]) -> None:
    """Another version of whatever a printing process loads may set another page."""
    assert sorted(LIBRARIES) == opened["libraries"]


def test_the_systems_libraries_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pango, HarfBuzz and fontconfig are asked for their versions; another one is another edition."""
    found = made_of.system()
    assert found.keys() == {"pango", "harfbuzz", "fontconfig"}
    assert all(number.replace(".", "").isdigit() for number in found.values())
    before = now()
    monkeypatch.setattr("reports.edition.system", lambda: {**found, "pango": "1.99.0"})
    assert now() != before


def test_every_file_changes_the_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte in any of the files makes another edition; a byte beside them does not."""
    copies = {path: tmp_path / path.relative_to(ROOT) for path in sources()}
    for path, copy in copies.items():
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes() if path.suffix != ".ttf" else path.name.encode())
    monkeypatch.setattr("reports.edition.ROOT", tmp_path)
    monkeypatch.setattr("reports.edition.sources", lambda: frozenset(copies.values()))
    seen = {now()}
    for copy in copies.values():
        before = copy.read_bytes()
        copy.write_bytes(before + b" ")
        seen.add(now())
        copy.write_bytes(before)
    assert len(seen) == len(copies) + 1
    (tmp_path / "survey" / "web.py").write_text("a page", "utf-8")
    assert now() in seen


def now() -> str:
    """Return the edition as a new process would."""
    edition.cache_clear()
    try:
        return edition()
    finally:
        edition.cache_clear()

import re

import click

from survey.app import main
from survey.settings import Settings
from tests.house.source import ROOT

OPERATING = ROOT / "docs" / "operating.md"


def test_every_setting_is_documented() -> None:
    """Each SURVEY_... variable that the code reads has a row in docs/operating.md."""
    read = set(re.findall(r'"(SURVEY_[A-Z_]+)"', (ROOT / "survey" / "settings.py").read_text("utf-8")))
    assert len(read) == len(Settings.__struct_fields__)
    assert [name for name in sorted(read) if f"`{name}`" not in OPERATING.read_text("utf-8")] == []


def test_every_command_is_documented() -> None:
    """Each command of `survey` is in docs/operating.md and has a help text."""
    assert isinstance(main, click.Group)
    text = OPERATING.read_text("utf-8")
    assert [name for name in sorted(main.commands) if f"`survey {name}" not in text] == []
    assert [name for name, command in main.commands.items() if not command.help] == []


def test_documents_link_to_files_that_exist() -> None:
    """A relative link in README or docs leads somewhere."""
    broken = []
    for path in [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        broken += [
            f"{path.relative_to(ROOT)} -> {target}"
            for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
            if not target.startswith(("http", "mailto:")) and not (path.parent / target).exists()
        ]
    assert broken == []

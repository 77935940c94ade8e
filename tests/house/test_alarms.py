"""Whatever can wake an operator stands in docs/operating.md, "At three in the morning", with its cause and its cure."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any, Final

import yaml

from tests.house.source import ROOT

TRIALS: Final = ROOT / "deploy" / "alerts_test.yml"
MANUAL: Final = (ROOT / "docs" / "operating.md").read_text("utf-8")
NIGHT: Final = MANUAL.partition("\n## At three in the morning\n")[2].partition("\n## ")[0]
DOCTOR: Final = [*sorted((ROOT / "survey" / "services" / "doctor").glob("*.py")), ROOT / "survey" / "cli" / "doctor.py"]
JUDGES: Final = frozenset({"ok", "warn", "fail", "judge", "Check", "_told"})
READ: Final = re.compile(r"\bsurvey_[a-z_]+")
SUFFIX: Final = re.compile(r"_(total|bucket|sum|count)$")
TALKERS: Final = (
    ("survey/cli/serve.py", "say"),
    ("survey/supervisor.py", "_say"),
    ("survey/runs/working.py", "error"),
    ("survey/web/crowd.py", "say"),
)


def calls(path: str) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of a file, with the name of what is called."""
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "id", getattr(node.func, "attr", "")), node


def rules() -> list[dict[str, Any]]:
    """Return the alert rules as they are shipped."""
    found = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text("utf-8"))
    return [rule for group in found["groups"] for rule in group["rules"]]


def metrics() -> set[str]:
    """Return the names of all metrics that /metrics can hold."""
    files = ("survey/web/metrics.py", "survey/services/readings.py")
    return {name for file in files for name in re.findall(r'"(survey_[a-z_]+)"', (ROOT / file).read_text("utf-8"))}


def test_every_point_of_the_doctor_has_a_row() -> None:
    """Each name that `survey doctor` can print stands in the table of its points."""
    points = {"home", "keys", "settings", "database"}
    for path in DOCTOR:
        for name, call in calls(str(path.relative_to(ROOT))):
            if name in JUDGES and call.args and isinstance(call.args[0], ast.Constant):
                points.add(str(call.args[0].value))
    rows = {
        name for row in re.findall(r"^\| ([^|]+) \|", NIGHT, re.MULTILINE) for name in re.findall(r"`([^`]+)`", row)
    }
    assert len(points) > 20
    assert sorted(points - rows) == []


def test_every_alert_can_be_raised_and_has_a_row() -> None:
    """A rule names metrics that exist, says what is wrong, and stands in the manual with what to do."""
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names))
    for rule in rules():
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in {"page", "look"}
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["expr"].count("(") == rule["expr"].count(")")
        assert re.fullmatch(r"\d+[mhd]", rule.get("for", "1m"))
        asked = {SUFFIX.sub("", name) for name in READ.findall(rule["expr"])} - {"survey"}
        assert asked <= metrics(), rule["alert"]
        assert asked or 'up{job="survey"}' in rule["expr"]
        assert re.search(rf"^\| [^|]*`{rule['alert']}`", NIGHT, re.MULTILINE), rule["alert"]


def test_every_alert_is_tried_with_what_raises_it_and_with_what_does_not() -> None:
    """The cases that are shipped for Prometheus’ own tool name each alert twice; where the tool is, it runs them."""
    tried = [
        (each["alertname"], bool(each["exp_alerts"]))
        for case in yaml.safe_load(TRIALS.read_text("utf-8"))["tests"]
        for each in case["alert_rule_test"]
    ]
    assert sorted(tried) == sorted((rule["alert"], fires) for rule in rules() for fires in (False, True))
    tool = shutil.which("promtool")
    if tool:
        done = subprocess.run([tool, "test", "rules", str(TRIALS)], check=False, capture_output=True, text=True)  # noqa: S603 - Prometheus' own
        assert done.returncode == 0, done.stderr


def test_every_metric_has_an_alert_or_is_said_to_need_none() -> None:
    """No number is read for years without anybody knowing what it would mean."""
    raised = {SUFFIX.sub("", name) for rule in rules() for name in READ.findall(rule["expr"])}
    without = metrics() - raised
    assert [name for name in sorted(without) if f"`{name}`" not in NIGHT] == []
    assert without == {"survey_waves", "survey_requests"}


def test_every_warning_of_the_log_has_a_row() -> None:
    """Lines that are logged as wrong stand there by the words that stay the same."""
    said = []
    for path, talker in TALKERS:
        for name, call in calls(path):
            wrong = path != "survey/cli/serve.py" or any(each.arg == "wrong" for each in call.keywords)
            if name == talker and wrong:
                said.append(_lasting(call.args[0]))
    assert len(said) >= 7
    assert [words for words in said if words not in NIGHT] == []


def test_every_kind_of_fault_has_a_row() -> None:
    """What the log puts in brackets, and /readyz calls the problem, is explained."""
    made = [call.args[0] for name, call in calls("survey/faults.py") if name == "Fault"]
    kinds = [str(each.value) for each in made if isinstance(each, ast.Constant)]
    assert len(kinds) > 5
    assert [kind for kind in kinds if f"`({kind})`" not in NIGHT] == []


def _lasting(text: ast.expr) -> str:
    """Return the longest part of a line that is the same each time; "" of one that is a sentence of its own."""
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    words = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
    return max((word.strip(" %s") for word in words), key=len, default="")

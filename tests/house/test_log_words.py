import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.i18n import LANGUAGES
from survey.services import log_words
from survey.services.log_words import ACTS, PLACES
from tests.house.source import place, python_files, tree

ACT = 3
"""Where the act stands among what `audit_log.write` is called with."""
WRITERS = {"write", "write_apart"}
LONGEST = 64
"""Characters that the column of the log takes."""


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Yield the calls of a file that write to the log, each with the name of the function around it."""
    for function in ast.walk(tree(path)):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and _writes(node, path):
                    yield node, function.name


def _writes(node: ast.Call, path: Path) -> bool:
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return node.func.value.id == "audit_log" and node.func.attr in WRITERS
    return path.name == "audit_log.py" and isinstance(node.func, ast.Name) and node.func.id in WRITERS


def constants() -> dict[str, set[str]]:
    """Return the texts that names stand for, wherever in the product they are given."""
    found: dict[str, set[str]] = {}
    for path in python_files("survey"):
        for node in ast.walk(tree(path)):
            targets: list[ast.expr] = []
            if isinstance(node, ast.Assign):
                targets = node.targets
            elif isinstance(node, ast.AnnAssign):
                targets = [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and node.value is not None:  # type: ignore[attr-defined] # one of the two above
                    found.setdefault(target.id, set()).update(_texts(node.value))  # type: ignore[attr-defined] # as above
    return found


def _texts(node: ast.expr) -> set[str]:
    """Return the texts that an expression may be: a text, or one of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    return _texts(node.body) | _texts(node.orelse) if isinstance(node, ast.IfExp) else set()


def handed_over(function: str) -> set[str]:
    """Return the texts that a function is called with, or that it takes where nothing is said."""
    found: set[str] = set()
    for path in python_files("survey"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and function in {
                getattr(node.func, "id", ""),
                getattr(node.func, "attr", ""),
            }:
                for given in (*node.args, *(each.value for each in node.keywords)):
                    found |= _texts(given)
            elif isinstance(node, ast.FunctionDef) and node.name == function:
                for default in (*node.args.defaults, *(each for each in node.args.kw_defaults if each)):
                    found |= _texts(default)
    return found


def written() -> dict[str, set[str]]:
    """Return every act that is written, by the place where it is."""
    known, found = constants(), dict[str, set[str]]()
    for path in python_files("survey"):
        if path.name == "audit_log.py":
            continue
        for call, function in calls(path):
            where = place(path, call.lineno)
            act = call.args[ACT]
            texts = _texts(act)
            if isinstance(act, ast.Attribute):
                texts |= known.get(act.attr, set())
            elif isinstance(act, ast.Name):
                texts |= known.get(act.id, set()) or handed_over(function) & ACTS.keys()
            found[where] = found.get(where, set()) | texts
    return found


def test_every_act_that_is_written_has_a_sentence() -> None:
    """Whoever writes an act into the log says in survey/services/log_words.py what it is called."""
    found = written()
    assert len(found) > 40
    assert [where for where, acts in found.items() if not acts] == []
    assert {(where, act) for where, acts in found.items() for act in acts if act not in ACTS} == set()


def test_no_act_has_a_sentence_that_nobody_writes() -> None:
    """An act that is gone leaves the list; those of old logs are said as they stand."""
    everywhere = {
        node.value
        for path in python_files("survey")
        if path.name != "log_words.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(ACTS.keys() - everywhere) == []


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_act_can_be_said_without_its_facts(act: str, language: str) -> None:
    """An entry of an older version, which lacks a fact, is shown with a gap and never breaks the page."""
    said = log_words.said(act, {}, {}).to(language)
    assert said
    assert "%(" not in said
    assert len(act) <= LONGEST


def test_a_name_with_a_place_in_it_is_only_a_name() -> None:
    """What somebody typed is filled in once."""
    said = log_words.said("unit granted", {"account": "2", "unit": "%(account)s"}, {"2": "%(unit)s"})
    assert said.to("en") == "Let the account %(unit)s see the unit %(account)s."
    assert re.findall(PLACES, said.text) == ["account", "unit"]
    assert log_words.rest("unit granted", {"account": "2", "unit": "x", "more": "y"}) == {"more": "y"}

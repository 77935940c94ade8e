import ast
import re

from tests.house.source import ROOT, place, python_files, tree

MODULE_LINES = 300
FUNCTION_LINES = 50
ROOT_ENTRIES = 20


def test_modules_stay_within_three_hundred_lines() -> None:
    """A module is read in one sitting."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in python_files()
        if (lines := path.read_text("utf-8").count("\n")) > MODULE_LINES
    }
    assert long == {}


def test_functions_stay_within_fifty_lines() -> None:
    """A function is seen at once."""
    long = [
        f"{place(path, node.lineno)} {node.name}"
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


def test_imports_stand_at_the_top() -> None:
    """Only a heavy library that must stay out of the web process is imported inside a function, and says so."""
    hidden = []
    for path in python_files():
        lines = path.read_text("utf-8").splitlines()
        for function in ast.walk(tree(path)):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            hidden += [
                place(path, node.lineno)
                for node in ast.walk(function)
                if isinstance(node, ast.Import | ast.ImportFrom) and "PLC0415 - " not in lines[node.lineno - 1]
            ]
    assert hidden == []


def test_words_are_looked_for_in_one_way() -> None:
    """A sign of SQL's patterns that is not escaped finds what nobody asked for, and a pattern too long is an error."""
    patterns = {"like", "ilike", "icontains", "istartswith", "iendswith"}
    own = {
        place(path, node.lineno)
        for path in python_files("survey")
        if path != ROOT / "survey" / "services" / "words.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in patterns
    }
    assert own == set()


def test_every_test_says_what_must_hold() -> None:
    """A test has a docstring of one sentence at least."""
    silent = [
        f"{place(path, node.lineno)} {node.name}"
        for path in python_files("tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_opt_out_gives_its_reason() -> None:
    """`noqa` and `type: ignore` name a rule and a reason."""
    bare = [
        place(path, number)
        for path in python_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"#\s*(noqa|type: ignore)", line)
        and not re.search(r"#\s*(noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*|type: ignore\[[\w, -]+\])\s+(-|#)\s*\S", line)
        and path.name != "test_budgets.py"
    ]
    assert bare == []


def test_the_root_folder_stays_small() -> None:
    """Under twenty entries stand in the root folder."""
    ours = [path.name for path in ROOT.iterdir() if path.name not in {".git", ".venv", "var"}]
    kept = [
        name for name in ours if not name.endswith((".egg-info", "_cache", "__pycache__")) and name != ".hypothesis"
    ]
    assert len(kept) < ROOT_ENTRIES

"""What a process that prints really opens, imports and loads: python -m tests.reports.opened FILE OF RECORDS.

The file holds what a worker is started with, so that nothing of the tests is loaded in this process. Printed are the
project's files and modules, and the libraries that were loaded beside them, as one JSON object.
"""

import json
import os
import pickle
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Final

DATA: Final = {".po", ".toml", ".html", ".css", ".json", ".txt", ".csv"}
_opened: set[str] = set()


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and isinstance(arguments[0], str):
        _opened.add(arguments[0])


def main() -> None:
    """Print every unit of every publication in the file, in both languages, and tell what that took."""
    before = set(sys.modules)
    sys.addaudithook(_note)
    cases = pickle.loads(Path(sys.argv[1]).read_bytes())  # noqa: S301 - the test that started us wrote it
    from reports.pdf import render  # noqa: PLC0415 - what this opens is what we are here for
    from survey.privacy.thaw import thaw  # noqa: PLC0415 - the same

    for records, afterwards, units in cases:
        *earlier, asked = records
        publication, others = thaw(asked[0], asked[1], afterwards), tuple(thaw(*one) for one in earlier)
        for unit in units:
            for language in ("ko", "en"):
                render(publication, unit, language, others)
    root = Path(__file__).parents[2]
    loaded = {name: Path(file) for name in sys.modules.keys() - before if (file := _file(name))}
    ours = {path for path in loaded.values() if root in path.parents and ".venv" not in path.parts} - {Path(__file__)}
    read = {Path(os.path.realpath(path)) for path in _opened}
    data = {path for path in read if path.suffix in DATA and ".venv" not in path.parts}
    owners = packages_distributions()
    libraries = {
        owner.lower().replace("_", "-") for name in loaded for owner in owners.get(name.partition(".")[0], ())
    } - {"survey"}
    files = sorted(str(path.relative_to(root)) for path in ours | data if root in path.parents)
    sys.stdout.write(json.dumps({"files": files, "libraries": sorted(libraries)}))


def _file(name: str) -> str | None:
    return getattr(sys.modules[name], "__file__", None)


if __name__ == "__main__":
    main()

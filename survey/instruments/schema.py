"""JSON Schemas of the files that people write, so that an editor completes and checks them while they are typed.

They lie beside the files, and their first line points at them. After a change of a struct write them anew:

    python -c "from survey.instruments.schema import write; write()"
"""

import json
from pathlib import Path
from typing import Final

import msgspec

from survey.instruments.model import Instrument
from survey.instruments.practices import Register

FOLDER: Final = Path(__file__).parent
SCHEMAS: Final[dict[str, type[msgspec.Struct]]] = {
    "instrument.schema.json": Instrument,
    "practices.schema.json": Register,
}


def schema(kind: type[msgspec.Struct]) -> dict[str, object]:
    """Return the schema of a file that is read as `kind`.

    The root stands at the top instead of behind a reference, which some editors do not follow.
    """
    _, parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    root = parts.pop(kind.__name__)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root, "$defs": parts}


def write(folder: Path = FOLDER) -> None:
    """Write all schemas into `folder`."""
    for name, kind in SCHEMAS.items():
        (folder / name).write_text(json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n", "utf-8")

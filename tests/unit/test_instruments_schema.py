"""The JSON Schemas that editors use are those of the structs, and the files point at them."""

import json
from pathlib import Path

import pytest

from survey.instruments.load import FOLDER, available
from survey.instruments.parts import Item
from survey.instruments.schema import SCHEMAS, write


def test_the_committed_schemas_are_current(tmp_path: Path) -> None:
    """Whoever changes a struct writes the schemas anew (the command stands in `survey.instruments.schema`)."""
    write(tmp_path)
    for name in SCHEMAS:
        assert (FOLDER / name).read_text("utf-8") == (tmp_path / name).read_text("utf-8"), f"{name} is out of date"


@pytest.mark.parametrize("name", [*available(), "practices"])
def test_each_file_names_its_schema_first(name: str) -> None:
    """An editor that knows the convention completes and checks the file without any set-up."""
    first = (FOLDER / f"{name}.toml").read_text("utf-8").splitlines()[0]
    pointer = first.removeprefix("#:schema ./")
    assert pointer in SCHEMAS
    assert (FOLDER / pointer).is_file()


def test_the_schema_tells_what_an_item_may_say() -> None:
    """Fields, defaults, limits and required languages are those of the struct; unknown keys are not allowed."""
    item = json.loads((FOLDER / "instrument.schema.json").read_text("utf-8"))["$defs"]["Item"]
    assert tuple(item["properties"]) == Item.__struct_fields__
    assert item["required"] == ["id", "scale"]
    assert item["additionalProperties"] is False
    assert (item["properties"]["max"]["default"], item["properties"]["max"]["maximum"]) == (7, 100)
    assert item["properties"]["text"]["required"] == ["ko", "en"]

"""Files that cannot be read as an instrument: each is told by file, place and cure."""

from pathlib import Path
from typing import Final

import pytest

from survey.instruments.errors import InstrumentError
from survey.instruments.load import FOLDER, load
from survey.instruments.model import Instrument, Item

WORDED: Final = (FOLDER / "total-motivation.toml").read_text("utf-8")
DEFINED: Final = (FOLDER / "w-sdi.toml").read_text("utf-8")


def told(file: Path, content: bytes | str) -> tuple[str, str]:
    """Place and cure that the author of this content is told."""
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InstrumentError) as caught:
        load(file)
    error = caught.value
    assert error.file == "ours.toml"
    assert str(error) == f"{', '.join(part for part in ('ours.toml', error.path) if part)}: {error.cure}"
    return error.path, str(error.cure)


@pytest.mark.parametrize(("old", "new", "path", "cure"), [
    ('version = "1.0"', "", "version", "Add this: it is missing."),
    ('version = "1.0"', "version = 2026.1", "version", "Write a text in quotes here, not a decimal number."),
    ('version = "1.0"', "version = 2026-01-01", "version", "Correct this value (Expected `str`, got `date`)."),
    ('scale = "identified"\n', "", "items[0].scale", "Add this: it is missing."),
    ('scale = "identified"\n', 'scale = "identified"\nmin = "1"\n', "items[0].min",
     "Write a whole number here, not a text in quotes."),
    ('scale = "identified"\n', 'scale = "identified"\nmin = 1.5\n', "items[0].min",
     "Write a whole number here, not a decimal number."),
    ('scale = "identified"\n', 'scale = "identified"\nreverse = 1\n', "items[0].reverse",
     "Write true or false here, not a whole number."),
    ('scale = "identified"\n', 'scale = "identified"\nrevers = true\n', "items[0].revers",
     f"Remove this or correct its name; known here are: {', '.join(Item.__struct_fields__)}."),
    ('scale = "identified"\n', 'scale = "identified"\nanswer-scale = "agreement"\n', "items[0].answer-scale",
     f"Remove this or correct its name; known here are: {', '.join(Item.__struct_fields__)}."),
    ('scale = "identified"\n', 'scale = "identified"\ntext = "I like it."\n', "items[0].text",
     "Write a table here, not a text in quotes."),
    ('scale = "identified"\n', 'scale = "identified"\ntext = { en = "I like it.", ko = 7 }\n', "items[0].text.ko",
     "Write a text in quotes here, not a whole number."),
    ('kind = "motive"', 'kind = "motiv"', "scales[0].kind",
     'Write one of these: "motive", "outcome", "facet", "behaviour", "practice".'),
    ('direction = "direct"', 'direction = "up"', "scales[0].direction",
     'Write one of these: "direct", "indirect", "".'),
    ('intrinsic = "3"', "intrinsic = 3", "composites[0].weights.intrinsic",
     "Write a text in quotes here, not a whole number."),
    ("high = 36", "high = 36\nrescale = [1]", "composites[0].rescale",
     "Correct this value (Expected `array` of length 2, got 1)."),
    ("high = 36", 'high = 36\nrescale = [1, "7"]', "composites[0].rescale[1]",
     "Write a whole number here, not a text in quotes."),
    ("high = 36", "high = 36\nrescale = 7", "composites[0].rescale", "Write a list here, not a whole number."),
    ('version = "1.0"', 'version = "1.0"\nauthors = ["Ada"]', "authors",
     f"Remove this or correct its name; known here are: {', '.join(Instrument.__struct_fields__)}."),
    ('version = "1.0"', 'version = "1.0', "line 6, column 15",
     "Correct this line, it is not TOML (Illegal character '\\n')."),
    ('id = "w-sdi"', 'id = "w-sdi"\nid = "again"', "line 6, column 13",
     "Correct this line, it is not TOML (Cannot overwrite a value)."),
    ('id = "w-sdi"', 'id = "W SDI"', "id",
     'Write a lower-case name of letters, digits and "-", such as "total-motivation".'),
])  # fmt: skip
def test_a_slip_in_a_definition_is_told(tmp_path: Path, old: str, new: str, path: str, cure: str) -> None:
    """A missing, misspelt, mistyped or impossible entry is named by its place in the file."""
    assert old in DEFINED
    assert told(tmp_path / "ours.toml", DEFINED.replace(old, new, 1)) == (path, cure)


@pytest.mark.parametrize(("old", "new", "path", "cure"), [
    ('4 = { ko = "반쯤 그렇다", en = "halfway" }', '4 = { ko = "반쯤 그렇다", en = 4 }', "answer_scales[0].labels.4.en",
     "Write a text in quotes here, not a whole number."),
    ('4 = { ko = "반쯤 그렇다", en = "halfway" }', '4 = "halfway"', "answer_scales[0].labels.4",
     "Write a table here, not a text in quotes."),
    ('store = { ko = "매장", en = "store" }', 'store = { ko = "매장", en = false }', "units.store.en",
     "Write a text in quotes here, not true or false."),
    ('store = { ko = "매장", en = "store" }', 'store = { ko = "매장" }', "units.store.en", 'Add the wording in "en".'),
])  # fmt: skip
def test_a_slip_in_the_wording_is_told(tmp_path: Path, old: str, new: str, path: str, cure: str) -> None:
    """The language and the label at fault are named, also deep inside a table."""
    assert old in WORDED
    assert told(tmp_path / "ours.toml", WORDED.replace(old, new, 1)) == (path, cure)


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    """Korean saved in the encoding of an old editor is named as what it is."""
    assert told(tmp_path / "ours.toml", WORDED.encode("cp949", "ignore")) == ("", "Save this file as UTF-8.")


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    """The first entry that is missing is named."""
    assert told(tmp_path / "ours.toml", "") == ("id", "Add this: it is missing.")


def test_a_file_that_breaks_off_is_told(tmp_path: Path) -> None:
    """A file cut in the middle says where it ends."""
    place, cure = told(tmp_path / "ours.toml", 'id = "')
    assert "not TOML" in cure
    assert place


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The operator learns the file's name and the reason."""
    with pytest.raises(InstrumentError) as caught:
        load(tmp_path / "none.toml")
    assert str(caught.value) == "none.toml: This file cannot be read (No such file or directory)."


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    """Some editors put one in front of UTF-8; nobody sees it, so nobody is told about it."""
    file = tmp_path / "ours.toml"
    file.write_bytes(b"\xef\xbb\xbf" + DEFINED.encode())
    assert load(file).id == "w-sdi"


def test_a_fault_is_told_in_korean(tmp_path: Path) -> None:
    """The place stays as it stands in the file; the cure and its facts are in the reader's language."""
    file = tmp_path / "ours.toml"
    file.write_text(DEFINED.replace('version = "1.0"', "version = 1", 1), "utf-8")
    with pytest.raises(InstrumentError) as caught:
        load(file)
    assert caught.value.sentence.to("ko") == (
        "ours.toml, version: 여기에는 다음을 써 주세요: 따옴표로 묶은 글(지금 값: 정수)."
    )

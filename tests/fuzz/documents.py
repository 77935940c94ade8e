"""Readers of documents: instruments, registers of practices, frozen records, printed reports."""

import io
import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec
import pikepdf

from reports.pdf import render
from reports.verify.check import check
from survey.forms.steps import steps
from survey.instruments.errors import InstrumentError
from survey.instruments.load import available, source
from survey.instruments.model import Instrument
from survey.instruments.practices import REGISTER
from survey.instruments.uploads import LARGEST, brought_in, unusable
from survey.privacy import thaw
from survey.privacy.head import apart
from survey.services.practices.library import read_file, written
from tests.fuzz.mutating import EVEN, splice_tokens, turn_bytes
from tests.fuzz.shapes import in_json
from tests.fuzz.trying import Read, said
from tests.sample import sample_publication

SIX: Final = (
    ("play", "direct", "10"),
    ("purpose", "direct", "5"),
    ("potential", "direct", "5/3"),
    ("emotional_pressure", "indirect", "-5/3"),
    ("economic_pressure", "indirect", "-5"),
    ("inertia", "indirect", "-10"),
)


def smallest() -> bytes:
    """Return an instrument of the six motives and nothing else: most changes of it still mean something."""
    lines = ['id = "small"', 'version = "1"', 'title = {ko = "작은", en = "Small"}', 'languages = ["ko", "en"]']
    lines += ['citation = "ours"', 'licence = "Apache-2.0"']
    lines += ["[[answer_scales]]", 'id = "agree"', 'labels.1 = {ko = "전혀", en = "not"}']
    lines += ['labels.7 = {ko = "매우", en = "very"}', "[[blocks]]", 'id = "motives"']
    lines += ['title = {ko = "일", en = "Work"}', 'intro = {ko = "왜 일하는가", en = "Why"}']
    for name, direction, _ in SIX:
        lines += ["[[scales]]", f'id = "{name}"', f'name = {{ko = "{name}", en = "{name}"}}', 'kind = "motive"']
        lines += [f'direction = "{direction}"']
    for name, _, _ in SIX:
        lines += ["[[items]]", f'id = "{name}"', f'scale = "{name}"', f'text = {{ko = "{name}다", en = "{name}."}}']
        lines += ['block = "motives"', 'answers = "agree"']
    lines += ["[[composites]]", 'id = "index"', 'name = {ko = "지수", en = "Index"}', "low = -100", "high = 100"]
    lines += ["rescale = [1, 7]", "[composites.weights]", *(f'{name} = "{weight}"' for name, _, weight in SIX)]
    return "\n".join(lines).encode()


def instruments() -> list[bytes]:
    """Return instruments to begin with."""
    return [smallest(), source("total-motivation").encode(), *(source(name).encode() for name in available()[1:])]


@contextmanager
def instrument(_folder: Path) -> Iterator[Read]:
    """Read an instrument that a company brings in."""

    def read(data: bytes) -> str:
        try:
            found = brought_in(data, "ours.toml")
        except InstrumentError as error:
            _check(error)
            raise InstrumentError(_place(error.path), error.cure) from error
        assert len(data) <= LARGEST
        assert next(unusable(found), None) is None
        again = Instrument.from_json(found.to_json())
        assert (again, again.digest()) == (found, found.digest())
        for word in ("team", "store", "department"):
            worded = found.worded_for(word)
            assert [step.number for step in steps(worded, worded.asked())]
        assert found.index is not None
        return "read"

    yield read


def _check(error: InstrumentError) -> None:
    assert error.file == "ours.toml"
    assert not error.path or error.path.isprintable()
    said(error.cure)


def _place(path: str) -> str:
    return re.sub(r"\d+", "0", path)


def registers() -> list[bytes]:
    """Return practices of a company's own, one and several, with a question and without."""
    whole = tomllib.loads(REGISTER.read_text("utf-8"))["practices"]
    files = []
    for count in (1, 3):
        lines = []
        for place, one in enumerate(whole[:count]):
            lines += ["[[practices]]", f'id = "habit_{place}"']
            for name in ("name", "what", "why", "source", "first_step", "next_wave"):
                lines += [f'{name}.ko = "{name} 우리 말"', f'{name}.en = "{name} in words"']
            if place:
                lines += [f'asks.ko = "팀에서 {place}번째를 한다."', f'asks.en = "In our team we do number {place}."']
            lines += [f"{kind} = {msgspec.json.encode(one[kind]).decode()}" for kind in ("motives", "facets")]
        files.append("\n".join(lines).encode())
    return files


@contextmanager
def practices(_folder: Path) -> Iterator[Read]:
    """Read a company's own practices."""

    def read(data: bytes) -> str:
        found = read_file(data, "practices.toml")
        assert read_file("".join(written(each) for each in found).encode() or data) == found
        return "read"

    yield read


def records() -> list[bytes]:
    """Return a frozen publication as it travels to be printed, with the units of one report."""
    return [sample_publication().frozen(["A1-T3"])[0]]


@contextmanager
def record(_folder: Path) -> Iterator[Read]:
    """Thaw a record: what is shown is what was published, and not a byte of it is another."""
    digest, (head, units) = sample_publication().digest, _pieces(records()[0])

    def read(data: bytes) -> str:
        publication = thaw.thaw(data, digest)
        found = _pieces(data)
        assert found[0] == head
        assert set(found[1]) <= set(units)
        shown = [publication.unit(code).figures for code in publication.codes if code in _codes(found[1])]
        return f"{len(shown)} units"

    yield read


def _pieces(data: bytes) -> tuple[bytes, list[bytes]]:
    kept, units = apart(data)
    return kept, [bytes(unit) for unit in units]


def _codes(units: list[bytes]) -> set[str]:
    return {msgspec.json.decode(unit)["code"] for unit in units}


def reports() -> list[bytes]:
    """Return printed reports: of a team, of a hidden one."""
    return [render(sample_publication(), code, language) for code, language in (("A1-T3", "ko"), ("A1-T2", "en"))]


@contextmanager
def report(_folder: Path) -> Iterator[Read]:
    """Check a printed report."""

    def read(data: bytes) -> str:
        found = check(data)
        for sentence in (*found.checked, *found.differs, *found.resting):
            said(sentence)
        return "differs" if found.differs else "the same"

    yield read


def in_attachment(data: bytes, draw: Random) -> bytes:
    """Change what is attached to a report."""
    change: Callable[[bytes, Random], bytes] = draw.choice((in_json, in_json, in_json, splice_tokens, turn_bytes))
    return _pdf(data, draw, lambda document: _attach(document, change, draw))


def in_page(data: bytes, draw: Random) -> bytes:
    """Change what is written on a page of a report, or how it is written."""

    def turn(document: pikepdf.Pdf) -> None:
        page = document.pages[draw.randrange(len(document.pages))]
        content = bytes(page.Contents.read_bytes())
        page.Contents = document.make_stream(draw.choice((turn_bytes, splice_tokens))(content, draw))

    return _pdf(data, draw, turn)


def _attach(document: pikepdf.Pdf, change: Callable[[bytes, Random], bytes], draw: Random) -> None:
    name = draw.choice(list(document.attachments))
    old: Any = document.attachments[name].get_file().read_bytes()
    del document.attachments[name]
    spec = pikepdf.AttachedFileSpec(
        document, change(old, draw), filename=name, description="", mime_type="", creation_date="", mod_date=""
    )
    document.attachments[draw.choice((name, name, name, "x", "results.json"))] = spec


def _pdf(data: bytes, draw: Random, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            change(document)
            target = io.BytesIO()
            document.save(target, compress_streams=draw.random() < EVEN)
            return target.getvalue()
    except (pikepdf.PdfError, ValueError, IndexError, AttributeError):
        return turn_bytes(data, draw)

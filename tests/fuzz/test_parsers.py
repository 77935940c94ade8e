"""Whatever is handed in, in the shape of what is read or in none: it is read, or refused by a clear sentence."""

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.parsers import inputs
from tests.fuzz.targets import TARGETS
from tests.fuzz.trying import Read, samples, tried

SEED: Final = 8
FEW: Final = 60
"""Inputs of each reader in every run; `--fuzz-minutes` asks for more."""


@pytest.fixture(scope="module", params=sorted(TARGETS))
def target(request: pytest.FixtureRequest) -> str:
    """Give the name of each reader in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def read(target: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Read]:
    """Give the reader of that name."""
    with TARGETS[target].reading(tmp_path_factory.mktemp(target)) as reader:
        yield reader


def test_what_once_did_harm_does_none(target: str, read: Read) -> None:
    """Each input that was found before, by whatever means, is read or refused."""
    for path in samples(target):
        assert tried(read, path.read_bytes()), path.name


def test_changed_inputs_are_read_or_refused(target: str, read: Read, fuzz_minutes: float) -> None:
    """Good inputs are read, and what becomes of them by changes is read or refused in both languages."""
    until = time.monotonic() + 60 * fuzz_minutes / len(TARGETS)
    for number, (data, pool) in enumerate(inputs(TARGETS[target], SEED)):
        if number >= FEW and time.monotonic() >= until:
            break
        pool.note(data, tried(read, data))
    assert len(pool.heard) > 1


def test_the_same_seed_changes_in_the_same_way() -> None:
    """Whoever repeats a run with its number reads the same inputs."""
    first, second = ([data for data, _ in itertools.islice(inputs(TARGETS["outcomes"], SEED), 40)] for _ in range(2))
    assert first == second
    assert len(set(first)) > 30


CELLS: Final = st.lists(
    st.lists(st.text(max_size=8) | st.sampled_from(["NORTH", "CO", "ko", "1", "=1"]), max_size=7), max_size=6
)
HEADS: Final = {
    "roster": "name,number,email,language,unit,parent",
    "outcomes": "unit,period,measure,value",
    "cuts": "unit,group,parent",
    "trees": "code,parent,name",
    "collected": "unit,play,purpose,potential,inertia,economic_pressure",
}


@settings(deadline=None, derandomize=True, max_examples=30, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.data())
def test_tables_of_any_text_are_read_or_refused(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Under headings that are known, whatever stands in the cells is read or refused."""
    name = data.draw(st.sampled_from(sorted(HEADS)))
    rows = data.draw(CELLS)
    text = "\n".join([HEADS[name], *(",".join(row) for row in rows)])
    with TARGETS[name].reading(Path(tmp_path_factory.getbasetemp())) as reader:
        assert tried(reader, text.encode(errors="surrogatepass"))


@settings(deadline=None, derandomize=True, max_examples=60, suppress_health_check=list(HealthCheck), database=None)
@given(text=st.text(max_size=40) | st.from_regex(r"[^@]{0,6}@[^@]{1,9}", fullmatch=True))
def test_lines_of_any_text_are_understood_or_refused(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Codes, keys, addresses, names, comments: no line that can be typed is too odd."""
    with TARGETS["typed"].reading(Path(tmp_path_factory.getbasetemp())) as reader:
        assert tried(reader, text.encode(errors="surrogatepass"))

"""All that HR and all leaders together can open, in both languages, over four waves: it tells the records' numbers.

The records are what the attack on published numbers takes; here it is seen that no page, file or PDF tells more.
"""

import itertools
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from flask import Flask
from sqlalchemy import Engine

from survey.i18n import LANGUAGES
from survey.instruments.answers import encode
from survey.instruments.load import builtin
from survey.privacy.pairs import Pair, pair
from survey.privacy.thaw import Publication
from survey.scoring.answers import AnswerTable
from survey.services.open_pages.open_pages import PARTS
from tests.journeys.doors import Visitor
from tests.journeys.four_waves import CUT, Asked, published
from tests.journeys.rights import DOORS
from tests.journeys.told_numbers import NUMBER, told_by
from tests.privacy.attack.attacking import attack
from tests.privacy.attack.cutting import read_cut
from tests.privacy.attack.examiner import Examiner

Company = tuple[list[Publication], bytes, list[Asked]]
"""What was published, the record of a second cut of the first wave, and what was so."""

READERS = ("Cy", "Ada", "Bo")
OF_WAVES = {"second_cuts", "waves", "publications", "reminders", "foresight", "joins", "notices", "spares"}
"""Blueprints whose pages are of a wave, where the address says "code"."""
OTHERS = {
    "instrument": builtin().id,
    "version": builtin().version,
    "name": "none",
    "kind": "invitation",
    "spoken": "en",
    "person": "1",
    "number": "1",
    "practice": "stand_ups",
}
"""What stands in addresses that are of no wave and no unit."""
EVERY = 5_000
MADE_BY_CHILDREN = {
    "compare.as_workbook",
    "compare.as_slides",
    "compare.as_pdf",
    "heat_files.as_workbook",
    "publications.as_workbook",
    "publications.as_table",
}


@pytest.fixture
def company(engine: Engine, home: Path) -> Company:
    """Four published waves, and a second cut of the first by the tree of the third."""
    return published(engine, home)


def test_all_waves_together_give_nobody_away(company: Company) -> None:
    """The attack on all that was published of a real company over four waves and a reorganisation finds nothing."""
    publications, cut, asked = company
    numbers = {name: place for place, name in enumerate(sorted({name for wave in asked for name in wave.homes}))}
    records = [
        (wave.frozen()[0], _examiner(wave, truth, numbers)) for wave, truth in zip(publications, asked, strict=True)
    ]
    columns = {column.scale: column.denominator for column in publications[0].columns}
    assert attack(records, read_cut(cut, columns)) == []


def _examiner(wave: Publication, truth: Asked, numbers: dict[str, int]) -> Examiner:
    items = builtin().items
    names = list(truth.answers)
    vectors = [encode(items, truth.answers[name]) for name in names]
    table = AnswerTable.of(builtin(), vectors, [0] * len(names))
    rows = [(numbers[name], truth.homes[name]) for name in names]
    return Examiner.behind(wave.wave.code, truth.parents, rows, table)


def test_pages_and_files_tell_the_record_and_nothing_more(app: Flask, company: Company, companies: int) -> None:
    """Each number with decimals that anybody is told stands in a record, or follows from it for a pair of units.

    Each reader opens an address in one language, and another reader in the other; of the last wave the PDF of each
    unit and each file in one language. Where the long run is asked for, everybody opens everything in both.
    """
    publications, cut, _ = company
    known = set().union(_of_record(cut), *(_of_record(wave.frozen()[0]) | _of_pairs(wave) for wave in publications))
    seen, more = set[str](), dict[str, list[str]]()
    every = companies >= EVERY
    for (turn, name), language in itertools.product(enumerate(READERS), LANGUAGES):
        reader = Visitor(app.test_client()).sign_in(name, language)
        for address in addresses(app, publications, language, None if every else turn):
            answer = reader.get(address)
            told = told_by(answer)
            answer.close()
            if told - known:
                more[f"{name} at {address}"] = sorted(told - known)
            seen |= told
    assert more == {}
    assert len(seen) > 500


def _of_record(data: bytes) -> set[str]:
    """Return every number of a record: texts as they are printed, and values."""
    found: set[str] = set()
    waiting = [msgspec.json.decode(data)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, float):
            found.add(repr(value))
        elif isinstance(value, str):
            found |= {value, value.replace("−", "-"), *NUMBER.findall(value)}
    return found


def _of_pairs(wave: Publication) -> set[str]:
    """Return the numbers of all pairs of units: pure functions of what the record publishes of both."""
    found: set[str] = set()
    for one, other in itertools.combinations(wave.units, 2):
        told = pair(wave, one, other)
        if isinstance(told, Pair):
            for figure in (told.difference, told.g, told.detectable):
                texts = (figure.text, figure.low_text, figure.high_text)
                found |= {*texts, *(text.replace("−", "-") for text in texts)}
    return found


def addresses(app: Flask, publications: list[Publication], language: str, turn: int | None) -> Iterator[str]:
    """Return the addresses of every page that an account can open, filled with all waves, units and second cuts.

    All of them where no `turn` is given; else those of a language that come in this turn, and one turn on the others.
    """
    waves = [wave.wave.code for wave in publications]
    units = sorted({unit.code for wave in publications for unit in wave.units})
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or DOORS.get(rule.endpoint, "respondent") in {"anyone", "respondent"}:
            continue
        asked = set(rule.arguments)
        assert asked <= {"wave", "code", "cut", *OTHERS}, f"{rule.rule} asks for something new"
        first = "wave" if "wave" in asked else "code" if rule.endpoint.split(".")[0] in OF_WAVES else ""
        for wave, unit in itertools.product(waves, units if "code" in asked - {first} else [""]):
            printed = rule.endpoint == "reports.one" or rule.endpoint in MADE_BY_CHILDREN
            if turn is not None and printed and not (wave == waves[-1] and _made(rule.endpoint, unit, language)):
                continue
            path = rule.rule.replace(f"<{first}>", wave).replace("<code>", unit.replace("+", "%2B"))
            for name, value in OTHERS.items():
                path = path.replace(f"<{name}>", value).replace(f"<int:{name}>", value)
            shown = [f"{path.replace('<cut>', CUT)}?language={language}&wave={wave}"]
            if rule.endpoint == "heat_map.show":
                shown += [f"{path}?language={language}&wave={wave}&show={show}" for show in ("behaviour", "changes")]
            shown += _asked(rule.endpoint, path, language, wave, units)
            yield from (each for each in shown if turn is None or printed or _comes(each, language, turn))


def _comes(address: str, language: str, turn: int) -> bool:
    """Tell whether an address is opened in this language in this turn: it is in the other one in the next."""
    place = zlib.crc32(address.replace(f"language={language}", "").encode())
    return LANGUAGES[(place + turn) % 2] == language


def _asked(endpoint: str, path: str, language: str, wave: str, units: list[str]) -> Iterator[str]:
    """Yield the addresses of a page that shows what its address asks for."""
    coded = [unit.replace("+", "%2B") for unit in units]
    if endpoint == "open_pages.look":
        parts = "&part=".join(("", *PARTS))
        yield from (f"{path}?language={language}&wave={wave}&unit={unit}{parts}" for unit in coded)
    if endpoint == "compare.show":
        yield from (f"{path}?language={language}&what={what}" for what in ("play", "tactical", "creativity"))
        for unit, lens in itertools.product(coded, ("self", "origin")):
            yield f"{path}?language={language}&lens={lens}&unit={unit}"


def _made(endpoint: str, unit: str, language: str) -> bool:
    """Tell whether a file is made in this language in a short run: it costs a second, and both tell the same."""
    korean = len(unit) % 2 if endpoint == "reports.one" else endpoint != "compare.as_pdf"
    return bool(korean) == (language == "ko")

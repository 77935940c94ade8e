"""Every page of the hostile company holds the elements of its harmless twin, and no other; in both languages."""

from collections import Counter
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from lxml import html

from tests.hostile.company import CODES, PAPER
from tests.hostile.conftest import Stage
from tests.hostile.doors import MADE_BY_CHILDREN, addresses
from tests.hostile.judging import in_page, wrong
from tests.services.rounds import WAVE

Skeleton = Counter[tuple[str, tuple[str, ...]]]
"""How often each element stands on a page, with the names of its attributes."""
PAGES: Final = (
    f"/units/?wave={PAPER}",
    f"/compare/?wave={PAPER}&" + "&".join(f"unit={{{place}}}" for place in (1, 2, 4, 8)),
    f"/heat-map/?wave={PAPER}",
    f"/heat-map/?wave={PAPER}&show=behaviour&of={{0}}",
    f"/outcomes/?wave={PAPER}",
    f"/evidence/?wave={PAPER}",
    f"/publications/{PAPER}",
    f"/reports/{PAPER}/",
    f"/audit/{PAPER}",
    *(f"/units/{{{place}}}?wave={PAPER}" for place in (0, 1, 2, 7)),
    f"/units/{{6}}/meeting?wave={PAPER}",
    f"/open-pages/look?unit={{3}}&wave={PAPER}&part=index&part=motives&look=1",
    "/compare/?unit=SALES&unit=CARE&unit=NORTH",
    f"/waves/{WAVE}/units/CO/comments",
    "/practices/?after=",
    "/practices/map?in=CO",
    "/practices/own/lamp_watch",
    "/practices/at/NORTH/lamp_watch",
    "/instruments/total-motivation/1.0-lighthouse",
    "/people/import/{good}",
    "/people/import/{bad}",
    "/letters/invitation/ko",
    "/log/?act=wave+opened",
    "/waves/2027-Q3/foresight?assumed=70",
    "/accounts/?words=nobody",
)
"""Beside a page of each route: units whose codes are hostile, and what an address has to choose."""


def every(stage: Stage) -> Iterator[str]:
    """Yield the address of every page, with what this company calls its units and files."""
    for rule, address in addresses(stage, "GET"):
        if rule.endpoint not in MADE_BY_CHILDREN and not rule.endpoint.startswith(("static", "openid")):
            yield address
    codes = [quote(stage.words.code(place), safe="") for place in range(len(CODES))]
    assert stage.waiting
    for page in PAGES:
        yield page.format(*codes, bad=stage.waiting[0], good=stage.waiting[1])


def varies(address: str) -> bool:
    """Tell whether words decide how often an element stands on a page.

    Comments without anything to see are left out, neighbours follow names, a search finds, the log has more acts.
    """
    return "words=" in address or address.startswith(("/waves/2026-Q4/units/", "/heat-map/", "/units/", "/log/"))


def skeleton(text: str) -> Skeleton:
    """Return what a page is built of."""
    page = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    return Counter((str(each.tag), tuple(sorted(map(str, each.attrib)))) for each in page.iter())


def opened(client: FlaskClient, address: str, language: str) -> tuple[int, str, list[str]]:
    """Return status, text (of a page) and faults of what an address gives."""
    answer = client.get(f"{address}{'&' if '?' in address else '?'}lang={language}")
    with answer:
        text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        return answer.status_code, text, wrong(answer)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_page_has_an_element_that_came_out_of_data(hostile: Stage, calm: Stage, language: str) -> None:
    """Page by page: elements and attributes as where every word is harmless, as often but where words decide that."""
    ours, theirs = hostile.browser(), calm.browser()
    found: dict[str, object] = {}
    more, read = dict[str, Skeleton](), 0
    for mine, other in zip(every(hostile), every(calm), strict=True):
        status, text, faults = opened(ours, mine, language)
        if faults:
            found[mine] = faults
        if not text:
            continue
        read += 1
        here = skeleton(text)
        if language == "ko":
            calm_status, calm_text, _ = opened(theirs, other, language)
            there = skeleton(calm_text)
            apart = Skeleton(
                {kind: count for kind, count in (here - there).items() if kind not in there or not varies(mine)}
            )
            if status != calm_status or apart:
                more[f"{mine} {status} {calm_status}"] = apart
        else:
            assert not in_page(text), mine
    assert found == {}
    assert more == {}
    assert read > 100


def test_what_was_written_is_read(hostile: Stage) -> None:
    """Names stand on pages letter by letter: nothing was swallowed, doubled, or worked out."""
    client = hostile.browser()
    page = html.document_fromstring(opened(client, f"/units/?wave={PAPER}", "en")[1].encode())
    said = _plain(page.text_content())
    for code in CODES[1:]:
        _, text, _ = opened(client, f"/units/{quote(code, safe='')}?wave={PAPER}", "en")
        assert text, code
    names = [unit for unit in hostile.words.written if len(unit) > 1 and unit.isprintable()]
    assert len([name for name in names if _plain(name) in said]) >= len(CODES) // 2


def _plain(text: str) -> str:
    return " ".join(text.split())

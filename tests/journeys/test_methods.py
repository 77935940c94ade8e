import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from survey.scoring.methods import numbers, sections, works
from tests.journeys.doors import Visitor, loaded, published

MARK = re.compile(r'<a href="/methods/#([\w-]+)" aria-label="([^"]+)">§ (\d+)</a>')


@pytest.mark.parametrize("language", ["ko", "en"])
def test_everybody_reads_how_numbers_are_made(engine: Engine, client: FlaskClient, language: str) -> None:
    """Without an account the page has every paragraph, whole and in the reader's language, and gives no cookie."""
    loaded(engine)
    answer = client.get("/methods/", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    for section in sections().values():
        article = answer.text.split(f'<article id="{section.id}"')[1].split("</article>")[0]
        assert f'<span class="place">{numbers()[section.id]}</span>' in article
        for part in (section.short, section.says, section.formula, section.source, section.assumes, section.limits):
            assert _escaped(part[language]) in article
        assert all(_escaped(work.title) in article for work in works(section))


def _escaped(text: str) -> str:
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;"), ('"', "&#34;")):
        text = text.replace(sign, name)
    return text


def test_the_table_of_contents_leads_to_every_paragraph(engine: Engine, client: FlaskClient) -> None:
    """Each link of the page leads to an anchor of the page."""
    loaded(engine)
    page = client.get("/methods/").text
    links = re.findall(r'href="#([\w-]+)"', page)
    assert set(sections()) <= set(links)
    assert set(links) <= set(re.findall(r'id="([\w-]+)"', page))


def test_numbers_of_a_unit_lead_to_their_paragraphs(engine: Engine, home: Path, client: FlaskClient) -> None:
    """The page of a unit marks its numbers, and says in words where each mark leads."""
    published(engine, home)
    marks = MARK.findall(Visitor(client).sign_in("Ada").get("/units/SALES").text)
    assert {"total-motivation", "interval", "comparison", "scale-score", "twin"} <= {anchor for anchor, _, _ in marks}
    for anchor, name, number in marks:
        assert number == numbers()[anchor]
        assert _escaped(sections()[anchor].title["en"]) in name

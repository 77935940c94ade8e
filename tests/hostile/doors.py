"""An address of every route in the hostile company, and every name that its view asks of a request."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from survey.database import reading
from survey.instruments.load import builtin
from survey.models import OpenPage
from survey.services.roster import staging
from survey.services.roster.staging import Staged
from survey.spreadsheets import unmarked
from survey.web.clock import now
from tests.cast import HEADINGS
from tests.hostile.company import DRAFT, LATER
from tests.hostile.conftest import HR, Stage
from tests.hostile.corpus import CORPUS, MIXED, Text, names
from tests.hostile.crawling import Ear, Found, Sent
from tests.journeys.matrix import right_of
from tests.services.rounds import WAVE

OF_DRAFTS: Final = {"plans", "joins", "previews", "foresight"}
OF_RESULTS: Final = {"publications", "second_cuts", "notices", "sharing", "audit", "reports", "comments"}
MADE_BY_CHILDREN: Final = {
    *(
        "compare.as_workbook",
        "compare.as_slides",
        "compare.as_pdf",
        "heat_files.as_workbook",
        "publications.as_workbook",
    ),
    *("reports.one", "reports.everything", "waves.codes", "spares.slip", "people.export_roster"),
}
"""Routes whose file is made by a process of its own: a second each. What they hold stands in test_files.py."""
VALUES: Final = {
    "wave": WAVE,
    "cut": "by-place",
    "number": 1,
    "holder": 1,
    "person": 10,
    "practice": "stand_ups",
    "what": "pause",
    "instrument": builtin().id,
    "version": builtin().version,
    "spoken": "en",
    "filename": "styles/base.css",
    "_rest": "x",
}


ASKED: Final = {"open_pages": {"unit": "SALES", "wave": WAVE, "part": "index", "practice": "stand_ups", "look": "1"}}
"""What the address of a page has to ask for."""


def staged(stage: Stage, *, good: bool) -> str:
    """Let a roster wait for HR: every cell hostile, or a good one but for its names; return its name."""
    texts = [each.text for each in names()]
    rows = [list(HEADINGS)]
    for place, text in enumerate(texts):
        if good:
            said = text if text.isprintable() and not unmarked(text).startswith("=") else f"n{place}"
            unit = [f"U{place}", "U0" if place else "", said, said, said[:40], ""]
            rows.append([str(place), said, "", "ko", *unit])
        else:
            rows.append([text] * len(HEADINGS))
    return staging.put(stage.home, HR, Staged("=<canary-x>.csv", now().date(), rows, []), now())


def addresses(stage: Stage, method: str) -> list[tuple[Rule, str]]:
    """Return an address of every route that takes a method, of something that is there."""
    if not stage.waiting:
        stage.waiting = (staged(stage, good=False), staged(stage, good=True))
    named = {"people": stage.waiting[0], "guides": "guide"}
    with reading(stage.engine) as session:
        key = session.scalars(select(OpenPage.key)).one()
    found = []
    with stage.app.test_request_context():
        adapter = stage.app.create_url_adapter(None) or stage.app.url_map.bind("localhost")
        for rule in stage.app.url_map.iter_rules():
            if method not in (rule.methods or set()):
                continue
            room = rule.endpoint.split(".")[0]
            values = {**VALUES, "key": key, "name": named.get(room, "x"), "code": _code(rule, room)}
            values["kind"] = {"people.errors": "csv", "people.listed": "joined"}.get(rule.endpoint, "invitation")
            if rule.endpoint.startswith("practices.own"):
                values["practice"] = "lamp_watch"
            if rule.endpoint == "people.listed":
                values["name"] = stage.waiting[1]
            asked = {name: values[name] for name in rule.arguments} | ASKED.get(room, {})
            found.append((rule, adapter.build(rule.endpoint, asked, method=method)))
    return found


def _code(rule: Rule, room: str) -> str:
    if right_of(rule) == "unit" or room == "practices":
        return "SALES"
    if room == "rehearsals":
        return f"{DRAFT}-rehearsal"
    return DRAFT if room in OF_DRAFTS else WAVE if room in OF_RESULTS else LATER


@dataclass
class Doors:
    """The company, a browser of its HR, what its pages hold, and what its views ask for."""

    stage: Stage
    client: FlaskClient
    secret: str
    found: Found
    ear: Ear
    every: bool
    """Whether each field meets the whole corpus, or a mixed text and one other."""
    share: tuple[int, int] = (1, 1)
    """Which part of the whole corpus, and of how many: each field meets another part of it."""
    asked: int = 0
    """Fields that met something in this test."""

    def texts(self) -> Iterator[Text]:
        """Yield what the next field meets."""
        self.asked += 1
        if not self.every:
            yield MIXED
            yield CORPUS[(self.asked - 1) % len(CORPUS)]
            return
        yield from (text for place, text in enumerate((MIXED, *CORPUS)) if self.has(place + self.asked))

    def has(self, place: int) -> bool:
        """Tell whether something belongs to this part of all."""
        part, parts = self.share
        return place % parts == part - 1

    def forms(self, endpoint: str, address: str) -> list[Sent]:
        """Return the forms that a route takes, as they stand on pages; an empty one where none was found."""
        return self.found.forms.get(endpoint) or [Sent(address)]

    def names(self, endpoint: str, source: str) -> list[str]:
        """Return the names that a view asks for."""
        return sorted(self.ear.names.get((endpoint, source), ()))

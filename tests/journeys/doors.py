"""Who may open which door: the cast at the pages of HR and leaders, and a browser that carries its form's token."""

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, Self

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from survey.database import reading, writing
from survey.privacy.thaw import Publication
from survey.services.publication import publication
from survey.services.responses.replies import Accepted
from tests import cast, snapshots
from tests.services import rounds

WAVE: Final = rounds.WAVE
SEEN: Final = re.compile(r'name="seen" value="([^"]+)"')
TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')

Door = Literal["anyone", "signed in", "hr", "readers", "leaders", "auditors", "unit"]
"""Who may open it, as the decorators of survey.web.access are named; "unit" is for readers whose part of the tree
holds the unit. What each means for each role stands in `matrix.py`."""

DOORS: Final[dict[str, Door]] = {
    "static": "anyone",
    "health.alive": "anyone",
    "health.ready": "anyone",
    "metrics.show": "anyone",
    "signing_in.show": "anyone",
    "signing_in.check": "anyone",
    "signing_in.by_passkey": "anyone",
    "signing_in.sign_out": "anyone",
    "openid.go": "anyone",
    "openid.back": "anyone",
    "second_step.show": "anyone",
    "second_step.code": "anyone",
    "second_step.by_passkey": "anyone",
    "second_step.app": "anyone",
    "second_step.new_passkey": "anyone",
    "own_account.show": "signed in",
    "own_account.speak": "signed in",
    "own_account.password": "signed in",
    "own_account.remove_app": "signed in",
    "own_account.remove_passkey": "signed in",
    "own_account.new_codes": "signed in",
    "own_account.sign_out_everywhere": "signed in",
    "own_account.again": "signed in",
    "home.show": "signed in",
    "welcome.show": "anyone",
    "welcome.choose": "anyone",
    "welcome.forgotten": "anyone",
    "welcome.ask": "anyone",
    "accounts.index": "auditors",
    "accounts.show": "auditors",
    "accounts.plan": "hr",
    "accounts.make": "hr",
    "accounts.change": "hr",
    "accounts.close": "hr",
    "accounts.reopen": "hr",
    "accounts.sign_out": "hr",
    "accounts.reset_second_step": "hr",
    "accounts.give": "hr",
    "accounts.take": "hr",
    "accounts.send": "hr",
    "accounts.send_again": "hr",
    "accounts.leaders": "hr",
    "accounts.leaders_taken": "hr",
    "accounts.file": "hr",
    "accounts.look": "hr",
    "accounts.file_taken": "hr",
    "log.show": "auditors",
    "log.verify": "auditors",
    "log.export": "auditors",
    "audit.index": "auditors",
    "audit.show": "auditors",
    "audit.promise": "auditors",
    "first_run.show": "anyone",
    "first_run.claim": "anyone",
    "first_run.company": "hr",
    "first_run.company_named": "hr",
    "first_run.account": "hr",
    "first_run.account_made": "hr",
    "first_run.second_step": "hr",
    "first_run.second_step_for_nobody": "hr",
    "first_run.mail": "hr",
    "first_run.mail_set": "hr",
    "first_run.done": "hr",
    "company.show": "hr",
    "company.change": "hr",
    "company.set_rule": "hr",
    "company.set_mail": "hr",
    "company.try_mail": "hr",
    "people.show": "hr",
    "people.upload": "hr",
    "people.export_roster": "hr",
    "people.look": "hr",
    "people.take": "hr",
    "people.holds_since": "hr",
    "people.put_aside": "hr",
    "people.columns": "hr",
    "people.choose_columns": "hr",
    "people.listed": "hr",
    "people.errors": "hr",
    "people.search": "hr",
    "people.person": "hr",
    "people.erase_person": "hr",
    "people.without_email": "hr",
    "instruments.index": "hr",
    "instruments.look": "hr",
    "instruments.add": "hr",
    "instruments.show": "hr",
    "instruments.file": "hr",
    "instruments.delete": "hr",
    "instruments.asked": "hr",
    "rehearsals.index": "hr",
    "rehearsals.plan": "hr",
    "rehearsals.show": "hr",
    "rehearsals.choose": "hr",
    "rehearsals.open_it": "hr",
    "rehearsals.letters": "hr",
    "rehearsals.letters_progress": "hr",
    "rehearsals.close": "hr",
    "rehearsals.discard": "hr",
    "waves.index": "hr",
    "waves.plan": "hr",
    "waves.planned": "hr",
    "waves.show": "hr",
    "plans.show": "hr",
    "plans.change": "hr",
    "plans.confirm": "hr",
    "plans.open_wave": "hr",
    "plans.schedule": "hr",
    "plans.unschedule": "hr",
    "previews.typed": "hr",
    "previews.standard": "hr",
    "previews.show": "hr",
    "extensions.extend": "hr",
    "extensions.announce": "hr",
    "extensions.progress": "hr",
    "leftovers.void": "hr",
    "letters.index": "hr",
    "letters.edit": "hr",
    "letters.keep": "hr",
    "letters.preview": "hr",
    "letters.preview_typed": "hr",
    "letters.test": "hr",
    "letters.reset": "hr",
    "waves.discard": "hr",
    "waves.letters": "hr",
    "waves.letters_progress": "hr",
    "waves.codes": "hr",
    "waves.count": "hr",
    "waves.close": "hr",
    "unsealing.unseal": "hr",
    "keyholders.show": "hr",
    "keyholders.add": "hr",
    "keyholders.remove": "hr",
    "reminders.send": "hr",
    "reminders.progress": "hr",
    "spares.send": "hr",
    "spares.slip": "hr",
    "foresight.show": "hr",
    "joins.show": "hr",
    "joins.join": "hr",
    "joins.undo": "hr",
    "publications.show": "hr",
    "second_cuts.show": "hr",
    "second_cuts.make": "hr",
    "second_cuts.numbers": "hr",
    "second_cuts.table": "hr",
    "publications.numbers": "hr",
    "publications.as_workbook": "readers",
    "publications.as_table": "readers",
    "sharing.share": "hr",
    "sharing.progress": "hr",
    "publications.publish": "hr",
    "reports.show": "hr",
    "reports.make": "hr",
    "reports.progress": "hr",
    "reports.everything": "hr",
    "reports.one": "unit",
    "comments.index": "readers",
    "comments.show": "unit",
    "notices.show": "hr",
    "notices.preview": "hr",
    "notices.publish": "hr",
    "units.tree": "readers",
    "units.show": "unit",
    "units.meeting": "unit",
    "compare.show": "readers",
    "compare.as_table": "readers",
    "compare.as_workbook": "readers",
    "compare.as_slides": "readers",
    "compare.as_pdf": "readers",
    "heat_map.show": "readers",
    "evidence.show": "readers",
    "drivers.show": "hr",
    "methods.show": "anyone",
    "guides.index": "signed in",
    "guides.show": "signed in",
    "guides.words": "anyone",
    "practices.show": "readers",
    "practices.letters": "leaders",
    "practices.library": "readers",
    "practices.new": "leaders",
    "practices.note": "leaders",
    "practices.entry": "readers",
    "practices.change": "leaders",
    "practices.partner": "leaders",
    "practices.collaboration_map": "readers",
    "practices.own": "hr",
    "practices.bring_in": "hr",
    "practices.own_file": "hr",
    "practices.own_new": "hr",
    "practices.own_one": "hr",
    "practices.own_keep": "hr",
    "practices.own_retire": "hr",
    "open_pages.index": "leaders",
    "open_pages.plan": "leaders",
    "open_pages.look": "leaders",
    "open_pages.notice": "leaders",
    "open_pages.open_it": "leaders",
    "open_pages.close": "leaders",
    "marks.show": "readers",
    "marks.note": "leaders",
    "marks.remove": "leaders",
    "outcomes.show": "readers",
    "outcomes.note": "hr",
    "outcomes.declare": "hr",
    "outcomes.preview": "hr",
    "outcomes.bring_in": "hr",
}
"""Every route but those of respondents, which `test_routes` knows by their blueprints."""


class Statements:
    """What the database is asked meanwhile, without the facts: pages that must look alike must ask alike."""

    def __init__(self, app: Flask) -> None:
        self.engine: Engine = app.extensions["survey.engine"]
        self.seen: list[str] = []

    def _note(self, *facts: object) -> None:
        self.seen.append(str(facts[2]))

    def __enter__(self) -> Self:
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)


class Visitor:
    """Somebody with a browser: signs in, and sends forms as the page holds them."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, address: str) -> TestResponse:
        """Open a page."""
        return self.client.get(address)

    def post(
        self, address: str, data: Mapping[str, object] | None = None, page: str = "/sign-in?lang=en"
    ) -> TestResponse:
        """Send a form with the token that `page` (or the page it leads to) holds; before an opening, tick all of it."""
        held = self.client.get(page, follow_redirects=True).text
        if address.endswith("/open"):
            held = self.client.get(address).text + held
        found = TOKEN.search(held)
        assert found, f"{page} holds no form"
        seen = {"seen": SEEN.findall(held)}
        return self.client.post(address, data={"csrf_token": found[1], **seen, **(data or {})})

    def sign_in(self, name: str, language: str = "en") -> "Visitor":
        """Sign in as one of the cast."""
        self.client.get(f"/sign-in?lang={language}")
        answer = self.post("/sign-in", {"email": f"{name.lower()}@example.com", "password": cast.PASSWORD})
        assert answer.status_code == 303, answer.text
        return self


def loaded(engine: Engine) -> None:
    """Put the cast into the database."""
    with writing(engine) as session:
        cast.load(session)


def answered(engine: Engine, home: Path) -> None:
    """Open the cast's wave and let everybody answer."""
    for place, code in enumerate(rounds.open_cast(engine, home).values()):
        outcome = rounds.answer(engine, rounds.sent(code, answers={"play": 1 + place % 7, "inertia": 7 - place % 6}))
        assert isinstance(outcome, Accepted)


def published(engine: Engine, home: Path) -> Publication:
    """Open, answer, close and publish the cast's wave; return its publication."""

    def make() -> None:
        answered(engine, home)
        rounds.close(engine)
        with writing(engine) as session:
            publication.publish(session, WAVE, rounds.OVER + dt.timedelta(days=1))

    snapshots.start(engine, home, "the cast's wave is published", make)
    with reading(engine) as session:
        return publication.publication(session, WAVE)

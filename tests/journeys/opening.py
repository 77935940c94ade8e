"""What tests of access share: a browser of an account, every address of a unit, and how addresses are answered."""

import io
import zipfile
from typing import Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.routing import Rule

from survey.database import writing
from survey.services.accounts import sign_ins
from survey.web.access import COOKIE
from survey.web.clock import now
from tests.journeys.doors import WAVE
from tests.journeys.matrix import right_of

ADA, CY = 1, 3
CHILDREN: Final = {"heat_files.as_workbook", "publications.as_workbook"}
SLOW: Final = {"compare.as_workbook", "compare.as_slides", "compare.as_pdf"}


def browser(app: Flask, engine: Engine, account: int) -> FlaskClient:
    """Give a new browser of an account."""
    client = app.test_client()
    with writing(engine) as session:
        client.set_cookie(COOKIE, sign_ins.let_in(session, account, now(), second_step=True))
    return client


def of_units(app: Flask) -> list[Rule]:
    """Return the routes of one unit."""
    return [rule for rule in app.url_map.iter_rules() if right_of(rule) == "unit"]


def places(app: Flask, unit: str, wave: str = WAVE) -> list[str]:
    """Return every address of a unit, and every page that takes one after the question mark."""
    found = [rule.rule.replace("<wave>", wave).replace("<code>", unit) for rule in of_units(app)]
    return [*found, f"/compare/?unit={unit}", f"/heat-map/?of={unit}", f"/open-pages/unit?unit={unit}&wave={wave}"]


def statuses(client: FlaskClient, addresses: list[str]) -> dict[str, int]:
    """Open addresses, following what only mends their slashes, and return how each is answered."""
    found = {}
    for address in addresses:
        with client.get(address, follow_redirects=True) as answer:
            found[address] = answer.status_code
    return found


def read(client: FlaskClient, address: str) -> str:
    """Return what a file says, a workbook or a table."""
    with client.get(address) as answer:
        assert answer.status_code == 200, address
        data = answer.get_data()
    if not data.startswith(b"PK"):
        return data.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())

from flask import Flask

from tests.journeys.rights import DOORS

RESPONDENTS = {"responses", "receipts", "profile", "promises", "heard"}


def test_every_route_is_acknowledged(app: Flask) -> None:
    """A new route is written down with who may open it, or belongs to a blueprint of respondents."""
    ours = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] not in RESPONDENTS}
    assert ours == DOORS.keys()


def test_pages_that_change_something_take_forms_only(app: Flask) -> None:
    """No route answers both GET and POST, so that a link can never change anything."""
    both = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if {"GET", "POST"} <= (rule.methods or set()) and rule.endpoint.split(".")[0] not in RESPONDENTS
    ]
    assert both == []

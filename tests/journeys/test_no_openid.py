"""An installation without a provider."""

from flask.testing import FlaskClient


def test_without_a_provider_there_is_no_such_door(client: FlaskClient) -> None:
    """No button, and no page behind it."""
    assert "company’s account" not in client.get("/sign-in?lang=en").text
    assert client.get("/sign-in/company/").status_code == 404
    assert client.get("/sign-in/company/return").status_code == 404

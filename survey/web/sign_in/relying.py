"""Whom passkeys are made for, and what signs and encrypts what a page carries: this installation."""

from survey.forms.accounts import PasskeyForm
from survey.i18n import Refused, Sentence
from survey.services.accounts.ceremonies import Answer, Site
from survey.web.frame import company_name
from survey.web.language import say
from survey.web.site import settings


def site() -> Site | None:
    """Return this installation as passkeys know it; None where browsers allow none."""
    return Site.at(settings().base_url, name())


def name() -> str:
    """Return what an authenticator shows beside its code."""
    return company_name() or say("Motivation survey")


def secret() -> bytes:
    """Return the installation's secret."""
    return settings().secret()


def answered(form: PasskeyForm, otherwise: Sentence) -> tuple[Site, Answer]:
    """Return what the browser sent of a passkey, and to whom.

    Raises:
        Refused: with `otherwise`, where browsers allow no passkeys here, or nothing was sent.
    """
    relying = site()
    if relying is None or not form.validate():
        raise Refused(otherwise)
    return relying, Answer(form.credential.data or "", form.challenge.data or "")

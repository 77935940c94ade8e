"""A letter as it would arrive, with made-up facts: to be looked at, or sent to whoever words it."""

import datetime as dt
from typing import Final

from markupsafe import Markup
from msgspec.structs import replace
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey.charts.tokens import LIGHT
from survey.database import writing
from survey.i18n import LANGUAGES, Sentence
from survey.mail import Letter, Post
from survey.models import Wave
from survey.services import audit_log
from survey.services.company import company
from survey.services.here import day_of, zone_of
from survey.services.instruments import registry
from survey.services.invitations import letter_texts
from survey.services.invitations.letters import Occasion, Reader, example
from survey.services.invitations.wording import Text
from survey.services.waves.promise import promise
from survey.services.waves.surroundings import TRIED
from survey.services.waves.waves import instrument_of

CODE: Final = "0111ABCDEFGH2345"
"""Reads like a code, and is none of any wave."""
PERSON: Final = {"ko": "김하늘", "en": "Robin Kim"}
TEST: Final = Sentence("[Test] %(subject)s")
AS_TEXT: Final = Sentence("The same letter as plain text, for mail programs that show no HTML")


def sample(
    session: Session, kind: str, reader: Reader, base_url: str, now: dt.datetime, text: Text | None = None
) -> Letter:
    """Return a letter as `reader` would get it, with the facts of the wave that is planned or open, if there is one.

    `text` is what somebody is typing; without it the letter that is in use.
    """
    facts = company(session)
    wave = session.scalar(select(Wave).where(Wave.state.in_(("draft", "open"))).order_by(Wave.opens_at).limit(1))
    asked = len(instrument_of(session, wave).asked(registry.practices_of(wave))) if wave else 25
    lines = promise(wave.k, wave.retention_months, wave.detail_k, sealed=wave.sealed) if wave else promise(5, 24)
    about = Occasion(
        company={"ko": facts.name_ko, "en": facts.name_en},
        base_url=base_url,
        closes_at=wave.closes_at if wave else now + dt.timedelta(days=14),
        promise={language: tuple(line.short.to(language) for line in lines) for language in LANGUAGES},
        wave="",
        opens_at=now,
        zone=zone_of(session),
        questions=asked,
        texts=letter_texts.own(session) if text is None else {(kind, reader.language): text},
    )
    return example(kind, about, reader, CODE, day_of(now, zone_of(session)))


def send_sample(engine: Engine, post: Post, which: tuple[str, str], letter: Letter, now: dt.datetime, by: int) -> None:
    """Send a sample (`which` kind and language) to whoever asked for it, marked as a test; the log says that it left.

    Raises:
        LetterRefused: the server does not take it.
        MailDown: the server cannot be used.
    """
    kind, language = which
    post.in_a_hurry = True
    with post:
        post.send(replace(letter, subject=TEST.fill(subject=letter.subject).to(language)), now)
    with writing(engine) as session:
        audit_log.write(session, now, by, TRIED, letter=kind, language=language)


def both_ways(letter: Letter, language: str) -> str:
    """Return a page with the subject, the letter as HTML, and the letter as plain text below."""
    head, _, body = letter.html.partition("<body")
    style, _, rest = body.partition(">")
    rest, _, end = rest.rpartition("</body>")
    subject = Markup('<p style="max-width:610px;margin:0 auto 12px;font-weight:bold">{}</p>').format(letter.subject)
    plain = Markup(
        '<h2 style="max-width:610px;margin:24px auto 8px;font-size:14px">{}</h2>'
        '<pre style="max-width:560px;margin:0 auto;padding:24px;background:{};border:1px solid {};'
        'white-space:pre-wrap;font-size:13px">{}</pre>'
    ).format(AS_TEXT.to(language), LIGHT["paper"], LIGHT["line"], letter.plain)
    return f"{head}<body{style}>{subject}{rest}{plain}</body>{end}"

"""Letters in the company's own words: what may stand in them, and what somebody tries to make of them."""

import datetime as dt
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, select

from survey.database import reading, writing
from survey.i18n import LANGUAGES, Refused
from survey.mail import FilePost
from survey.models import AuditEntry, LetterText
from survey.services.invitations import letter_texts, samples, wording
from survey.services.invitations.letters import Occasion, Reader, extension, invitation, reminder, spare
from survey.services.invitations.wording import KINDS, Text
from tests import cast
from tests.services.posting import BASE

CODE = "0111ABCDEFGH2345"
GROUPED = "0111-ABCD-EFGH-2345"
WELL = "Dear {name},\n\nBegin here:\n{link}\n\nor type\n{code}"
ADA = Reader(1, "Ada", "ada@example.com", "en")


def about(text: Text | None = None, kind: str = "invitation") -> Occasion:
    """Return an occasion whose letter of a kind has these words."""
    return Occasion(
        {"ko": "등대상사", "en": "Lighthouse Trading"},
        BASE,
        cast.NOW + dt.timedelta(days=14),
        {"ko": ("약속 하나",), "en": ("One promise",)},
        "2026-Q4",
        cast.NOW,
        texts={} if text is None else {(kind, "en"): text},
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_our_letters_pass_our_own_rules(kind: str, language: str) -> None:
    """What ships could have been written by a company, and nothing in it stays unfilled."""
    ours = wording.ours(kind, language)
    assert wording.checked(KINDS[kind], ours.subject, ours.body) == ours
    reader = Reader(1, "Ada", "ada@example.com", language)
    day = cast.NOW.date()
    later = replace(about(), extended_from=cast.NOW)
    letter = {
        "invitation": lambda: invitation(about(), reader, CODE),
        "reminder-1": lambda: reminder(about(), reader, day, 1),
        "reminder-2": lambda: reminder(about(), reader, day, 2),
        "spare": lambda: spare(about(), reader, CODE),
        "extension": lambda: extension(later, reader, day),
    }[kind]()
    assert "{" not in letter.subject + letter.plain + letter.html
    assert (GROUPED in letter.plain) == (GROUPED in letter.html) == ("code" in KINDS[kind].places)


@pytest.mark.parametrize(
    ("subject", "body", "said"),
    [
        ("Hello {code}", WELL, "{code} cannot be filled in here. There are: {company}, {name}, {last_day}."),
        ("Hello", WELL + "\n\n{code.__class__}", "{code.__class__} cannot be filled in"),
        ("Hello", WELL + "\n\n{0} {name!r} {name:>99999999}", "{0}, {name!r}, {name:>99999999} cannot be filled in"),
        ("Hello", WELL + "\n\n{ name }", "{ name } cannot be filled in"),
        ("Hello", WELL + "\n\n{promise}", "{promise} cannot be filled in"),
        ("Hello", WELL.replace("{link}", ""), "{link} is missing"),
        ("Hello", "Hello", "{link}, {code} is missing"),
        ("Hello", WELL + "\n\n{code}", "{code} stands once"),
        ("Hello", WELL.replace("{code}", "Your code is {code}"), "{code} stands once, alone on its line"),
        ("Hello", WELL.replace("{link}", "https://evil.example/?to={link}"), "{link} stands once, alone"),
        ("Hello", WELL + "\n\nhttps://evil.example/{name}", "https://evil.example/{name}: an address"),
        ("Hello", WELL + "\n\nevil.example/?who={name}", "an address holds nothing"),
        ("Hello", WELL + "\n\n{name}.evil.example", "an address holds nothing"),
        ("Hello", WELL + "\n\n{address}?who={name}", "an address holds nothing"),
        ("Hello", WELL + "\n\n{address}#{name}", "an address holds nothing"),
        ("Hello\r\nBcc: eve@example.com", WELL, "nobody can see"),
        ("Hello\u2028Bcc: eve@example.com", WELL, "nobody can see"),
        ("Hello", WELL + "\n\n\u202eevil", "nobody can see"),
        ("Hello", WELL + "\x00", "nobody can see"),
        ("", WELL, "a subject and a text"),
        ("Hello", " \n ", "a subject and a text"),
        ("x" * 121, WELL, "up to 120 characters and a text up to 4,000"),
        ("Hello", WELL + "\n\n" + "x" * 4000, "up to 4,000"),
    ],
)
def test_what_no_letter_may_hold_is_refused(subject: str, body: str, said: str) -> None:
    """Unknown places, a code in a subject or an address, hidden characters, further headers, too little or too much."""
    with pytest.raises(Refused) as caught:
        wording.checked(KINDS["invitation"], subject, body)
    assert said in str(caught.value)


def test_what_is_filled_in_is_not_looked_at_again() -> None:
    """A person called {code} gets no second code, and one whose name is a tag gets no markup."""
    text = wording.checked(KINDS["invitation"], "{name}, {company}", WELL)
    letter = invitation(about(text), Reader(1, "{code}<b>\r\nBcc: x", "ada@example.com", "en"), CODE)
    assert letter.subject == "{code}<b> Bcc: x, Lighthouse Trading"
    assert letter.plain.startswith("Dear {code}<b> Bcc: x,")
    assert letter.plain.count(GROUPED) == 2  # in the link, and alone
    assert "&lt;b&gt;" in letter.html
    assert "<b>" not in letter.html


def test_markup_that_somebody_writes_stays_text() -> None:
    """A company's text is escaped in the HTML part; our button is the only link of its own making."""
    text = wording.checked(KINDS["invitation"], "Hello", '<img src=x onerror=alert(1)>\n<a href="x">\n\n' + WELL)
    html = invitation(about(text), ADA, CODE).html
    assert "&lt;img src=x" in html
    assert html.count("<a ") == 1
    assert "<img" not in html


@pytest.mark.parametrize("kind", KINDS)
def test_the_promise_cannot_be_left_out(kind: str) -> None:
    """However short a company's text is, what we say at the end follows it in both parts."""
    body = WELL if "link" in KINDS[kind].required else "Until {last_day}."
    text = wording.checked(KINDS[kind], "Hello", body)
    day = cast.NOW.date()
    letter = {
        "invitation": lambda: invitation(about(text), ADA, CODE),
        "reminder-1": lambda: reminder(about(text, kind), ADA, day, 1),
        "reminder-2": lambda: reminder(about(text, kind), ADA, day, 2),
        "spare": lambda: spare(about(text, kind), ADA, CODE),
        "extension": lambda: extension(about(text, kind), ADA, day),
    }[kind]()
    said = "One promise" if "promise" in KINDS[kind].always else "staying away has no consequence"
    assert said in letter.plain
    assert said in letter.html


def test_a_letter_is_kept_and_reset(engine: Engine) -> None:
    """The words are used from then on, the log holds their digest, and words equal to ours are ours."""
    with writing(engine) as session:
        cast.load(session)
        before = letter_texts.digest(session)
        letter_texts.keep(session, "invitation", "en", ("Hello", WELL + "\r\n"), cast.NOW)
        assert letter_texts.own(session) == {("invitation", "en"): Text("Hello", WELL)}
        assert letter_texts.digest(session) != before
        ours = wording.ours("invitation", "en")
        letter_texts.keep(session, "invitation", "en", (ours.subject, ours.body), cast.NOW)
        assert session.scalars(select(LetterText)).all() == []
        assert letter_texts.digest(session) == before
        letter_texts.reset(session, "invitation", "en", cast.NOW)
        entries = session.execute(select(AuditEntry.act, AuditEntry.facts).order_by(AuditEntry.id)).all()
    assert [entry.act for entry in entries] == ["letter changed", "letter reset"]
    assert set(entries[0].facts) == {"letter", "language", "letters"}
    assert entries[1].facts["letters"] == before


def test_a_sample_is_marked_and_opens_nothing(engine: Engine, tmp_path: Path) -> None:
    """A test letter says so in its subject, holds no real code, and the log knows that it left."""
    with writing(engine) as session:
        cast.load(session)
    with reading(engine) as session:
        letter = samples.sample(session, "extension", ADA, BASE, cast.NOW)
    assert "instead of" in letter.plain
    samples.send_sample(engine, FilePost(tmp_path, "hr@example.com"), ("extension", "en"), letter, cast.NOW, 1)
    with reading(engine) as session:
        assert session.scalars(select(AuditEntry.act)).all() == ["letter tried"]
    page = samples.both_ways(letter, "en")
    assert letter.subject in page
    assert "<pre" in page

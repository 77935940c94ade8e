"""A company whose every word was written by somebody who means harm, and its twin in which the same words mean nothing.

    words = Words()          what stands where a name stands: the corpus, one after the other
    words = Words(calm=True) the same, with letters that mean nothing

What a door would refuse is written behind it, straight into the database: pages and files hold whatever lies there.
"""

import csv
import datetime as dt
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from nacl.public import PrivateKey
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from survey.database import writing
from survey.instruments.load import builtin
from survey.models import (
    Account,
    Adoption,
    Company,
    Grant,
    Keyholder,
    LetterText,
    Mark,
    Measure,
    Notice,
    Passkey,
    Person,
    Rehearser,
    Run,
    Unit,
    Wave,
)
from survey.models.responses import Comment
from survey.privacy.thaw import Publication
from survey.services.accounts import keeping
from survey.services.accounts.keeping import Facts
from survey.services.instruments import instruments
from survey.services.marks import UnitMark, note_mark
from survey.services.open_pages import open_pages
from survey.services.outcomes import measures, outcomes
from survey.services.practices import library, partners, register
from survey.services.publication import notices, publication, second_cuts
from survey.services.publication.imported import Upload, import_answers
from survey.services.responses.replies import Accepted
from survey.services.waves import joins, opening, rehearsal, wave_plans
from survey.services.waves.wave_plans import WaveDraft
from survey.web.clock import now
from tests import cast
from tests.hostile.corpus import harmless, names
from tests.services import rounds
from tests.variant import EXTRAS, variant

PAPER: Final = "2026-Q1"
"""A wave of units whose codes were written elsewhere."""
OPENED: Final = dt.datetime(2026, 6, 1, 9)
OVER: Final = OPENED + dt.timedelta(days=15)
LATER: Final = "2027-Q1"
DRAFT: Final = "2027-Q3"
CODES: Final = (
    "<canary-x>", "=1+1", '"><canary-x onload=x>', "'; DROP TABLE person;--", "{{7*7}}%(x)s", "@SUM(1) #?&%2e", "-2;+3",
    "가 나", "javascript:canary",
)  # fmt: skip
"""Codes of units as no roster lets them in; a file of answers that were collected elsewhere does."""
ROLES: Final = {"Oz": "observer", "Ann": "auditor"}
PRACTICE: Final = """
[[practices]]
id = "lamp_watch"
"""


@dataclass
class Words:
    """What stands where somebody may write; `calm` gives the same length and lines without any meaning."""

    calm: bool = False
    written: dict[str, str] = field(default_factory=dict)
    """Every text that was given, with its harmless twin."""

    def __post_init__(self) -> None:
        self._next: Iterator[str] = itertools.cycle([each.text for each in names()])

    def __call__(self, most: int = 200) -> str:
        """Return the next text that fits."""
        text = next(each for each in self._next if len(each) <= most)
        return self.said(text)

    def said(self, text: str) -> str:
        """Return a text as this company says it."""
        self.written[text] = harmless(text)
        return self.written[text] if self.calm else text

    def code(self, place: int) -> str:
        """Return the code of a unit of the paper wave; those of the twin stay apart from each other."""
        return f"U{place}" if self.calm else CODES[place]


def build(engine: Engine, home: Path, words: Words) -> Publication:
    """Make the company: two waves published, one open, one planned, one rehearsed; return the last publication."""
    with writing(engine) as session:
        cast.load(session)
        _roster(session, words)
        _accounts(session, words)
        _noted(session, words)
        _counted(session, words)
    _paper(engine, words)
    _native(engine, home, words)
    with writing(engine) as session:
        told = publication.publish(session, rounds.WAVE, OVER + dt.timedelta(days=1))
        _after(session, told, words)
        _asked(session, words)
    _open(engine, home)
    with writing(engine) as session:
        _planned(session, words)
    return told


def _roster(session: Session, words: Words) -> None:
    for company in session.scalars(select(Company)):
        company.name_ko, company.name_en = words(), words()
    for unit in session.scalars(select(Unit).order_by(Unit.code)):
        unit.name_ko, unit.name_en, unit.kind = words(), words(), words(40)
    for person in session.scalars(select(Person).order_by(Person.id)):
        person.name = words()
        person.number = f"{words(50)}#{person.id}"


def _accounts(session: Session, words: Words) -> None:
    for name, role in ROLES.items():
        made = keeping.make(session, f"{name.lower()}@example.com", Facts(name, role, "en"), cast.NOW)
        if role == "observer":
            session.add(Grant(account_id=made.id, unit_code="SALES"))
    session.flush()
    for account in session.scalars(select(Account).order_by(Account.id)):
        account.name = words()
        if account.role == "auditor":
            account.email = words.said("\"><canary-x/>;'{{7*7}}%0d%0abcc:x@example.com")
        key = {"credential": f"AAAA{account.id}", "public_key": b"x", "name": words(100), "added_on": cast.TODAY}
        session.execute(insert(Passkey).values(account_id=account.id, **key))


def _noted(session: Session, words: Words) -> None:
    day = OPENED.date() - dt.timedelta(days=40)
    library.add(session, library.read_file(_practice(words).encode()), day)
    for unit, practice in (("SALES", "stand_ups"), ("NORTH", "lamp_watch"), ("CARE", "free_script")):
        register.adopt(session, register.Adoption(unit, practice, day, "Di", "what", "weekly"))
        session.execute(
            update(Adoption)
            .where(Adoption.unit_code == unit, Adoption.practice_id == practice)
            .values(owner=words(), what=words(400))
        )
    partners.name_partner(session, "SALES", "stand_ups", "CARE")
    for unit in ("CO", "SALES", "NORTH"):
        note_mark(session, UnitMark(unit, day, "tool", "Chat"))
    for mark in session.scalars(select(Mark).order_by(Mark.unit_code)):
        mark.name = words(60)


def _practice(words: Words) -> str:
    """Return a practice of the company's own, in words that its file may hold."""
    kept = itertools.cycle(
        [each.text for each in names() if each.text.isprintable() and each.text.strip() == each.text]
    )
    caps = {f"{name}.{language}": cap for name, most in library.LONGEST.items() for language, cap in most.items()}
    said = {name: words.said(next(text for text in kept if len(text) <= cap)) for name, cap in caps.items()}
    lines = [f"{name} = {library._quoted(text)}" for name, text in said.items()]
    return PRACTICE + "\n".join([*lines, 'motives = ["play"]', 'facets = ["creativity"]']) + "\n"


def _counted(session: Session, words: Words) -> None:
    counted = measures.Measure("csat", {"ko": "가", "en": "a"}, "higher", "points")
    measures.note(session, counted, OPENED)
    measures.declare(session, counted.code, OPENED - dt.timedelta(days=9))
    rows = "".join(f"{unit.code},2026-05,csat,{50 + place}.5\n" for place, unit in enumerate(cast.PLACES))
    found = outcomes.preview(session, f"unit,period,measure,value\n{rows}".encode(), "x.csv", cast.TODAY)
    outcomes.bring_in(session, found, cast.NOW)
    session.execute(update(Measure).values(name_ko=words(100), name_en=words(100), counted_in=words(20)))


def _paper(engine: Engine, words: Words) -> None:
    """Import answers of units whose codes and names were written elsewhere, and publish them."""
    units, answers = io.StringIO(), io.StringIO()
    codes = [words.code(place) for place in range(len(CODES))]
    csv.writer(units).writerows(
        [["code", "parent", "name", "name_en", "kind"]]
        + [[code, "" if not place else codes[0], words(), words(), words(40)] for place, code in enumerate(codes)]
    )
    items = builtin().asked()
    rows = csv.writer(answers)
    rows.writerow(["unit", *(item.id for item in items)])
    for place, code in enumerate(codes):
        rows.writerows([[code, *(1 + (place + one + at) % 7 for at in range(len(items)))] for one in range(6 + place)])
    opened = dt.datetime(2026, 1, 12, 9)
    plan = WaveDraft(code=PAPER, opens_at=opened, closes_at=opened + dt.timedelta(days=11))
    with writing(engine) as session:
        upload = Upload(answers.getvalue().encode(), units=units.getvalue().encode())
        import_answers(session, plan, upload, cast.NOW)
    with writing(engine) as session:
        publication.publish(session, PAPER, cast.NOW)


def _native(engine: Engine, home: Path, words: Words) -> None:
    """Ask the cast, who comment, and close."""
    codes = rounds.open_next(engine, home, rounds.plan(closes_at=OVER - dt.timedelta(days=1), opens_at=OPENED))
    for place, code in enumerate(codes.values()):
        given = {"play": 1 + place % 7, "inertia": 7 - place % 6}
        assert isinstance(rounds.answer(engine, rounds.sent(code, f"comment {place}", given), OPENED), Accepted)
    rounds.close(engine, OVER)
    with writing(engine) as session:
        for comment in session.scalars(select(Comment).order_by(Comment.id)):
            comment.text = words()


def _after(session: Session, told: Publication, words: Words) -> None:
    """Say what is said of what was published."""
    when = OVER + dt.timedelta(days=2)
    groups = [("NORTH", "east"), ("SOUTH", "west"), ("CARE", "west")]
    printable = itertools.cycle([each.text for each in names() if each.text.isprintable()])
    table = io.StringIO()
    csv.writer(table).writerows(
        [["unit", "group", "name", "name_en"]]
        + [
            [unit, group, said, said]
            for unit, group in groups
            for said in [words.said(next(printable)) if group == "east" else "W"]
        ]
    )
    second_cuts.make(session, rounds.WAVE, second_cuts.Grouping("by-place", table.getvalue().encode(), "g.csv"), when)
    notices.say(session, rounds.WAVE, "erratum", {"ko": "가", "en": "a"}, when)
    session.execute(update(Notice).values(text_ko=words(), text_en=words()))
    choice = open_pages.Choice(open_pages.PARTS, "lamp_watch")
    open_pages.open_page(session, told, "SALES", choice, when, 1)
    for name in range(2):
        key = bytes(PrivateKey.generate().public_key)
        session.execute(insert(Keyholder).values(name=f"{words(190)}#{name}", public_key=key, added_on=cast.TODAY))


def _asked(session: Session, words: Words) -> None:
    """Bring in a questionnaire of the company's own, and letters in its own words."""
    text = variant().replace("I do this work because I enjoy it.", words.said("=<canary-x> %(x)s %s & “so”"))
    instruments.add(session, text.encode(), "own.toml", now())
    for letter, language in itertools.product(("invitation", "reminder-1"), ("ko", "en")):
        body = f"{words()}\n\n{{name}}\n\n{{link}}\n\n{{code}}\n\n{{last_day}} {words()}"
        session.execute(insert(LetterText).values(letter=letter, language=language, subject=words(120), body=body))
    told = '{"text":"%(name)s","facts":{"name":' + library._quoted(words()) + "}}"
    run = {"began_at": now(), "done": 0, "tries": 1, "holder": "", "lease_until": now(), "outcome": "problem"}
    session.execute(insert(Run).values(kind="letters", about=LATER, told=told, **run))


def _open(engine: Engine, home: Path) -> None:
    began = now() - dt.timedelta(hours=1)
    plan = WaveDraft(
        code=LATER,
        opens_at=began,
        closes_at=began + dt.timedelta(days=9),
        practices=("stand_ups",),
        instrument_id="total-motivation",
    )
    with writing(engine) as session:
        wave_plans.draft(session, plan, began)
        opening.open_wave(session, LATER, began, home)


def _planned(session: Session, words: Words) -> None:
    opens = now() + dt.timedelta(days=120)
    plan = WaveDraft(code=DRAFT, opens_at=opens, closes_at=opens + dt.timedelta(days=9), extra_items=EXTRAS[:2])
    wave_plans.draft(session, plan, now())
    joins.join(session, DRAFT, ("PHONE", "CHAT"), {"ko": "가", "en": "a"}, now())
    wave = session.scalars(select(Wave).where(Wave.code == DRAFT)).one()
    wave.extra_items = [{"ko": words.said(f"<canary-x>가 {n}"), "en": words.said(f"=1+1 %(x)s {n}")} for n in range(2)]
    wave.joins = [{**one, "names": {"ko": words(), "en": words()}} for one in wave.joins]
    made = rehearsal.plan(session, DRAFT, now())
    session.execute(insert(Rehearser), [{"wave_id": made.id, "person_id": one} for one in (1, 2, 3)])

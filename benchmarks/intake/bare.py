"""The yardstick: Flask pages on waitress that check and durably keep the same answers, and do nothing else.

    python -m benchmarks.intake.bare DATABASE PAGES PORT KIND

Both kinds send the product's own bytes, take the code out and put the answers in, in one transaction, on a database
opened as the product does it: the same journal, syncs and overwritten deletions. The kind "bare" is a page as Flask,
WTForms, Jinja and SQLAlchemy are made for it: the questions in a loop of its template, each answer a field with its
range. The kind "floor" renders nothing (each page is there beforehand), compares each answer with the numbers it may
be, and speaks to the driver alone: nothing on Flask and waitress can be cheaper.
"""

import hmac
import logging
import sqlite3
import sys
import threading
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import psycopg
import waitress
from flask import Flask, request
from sqlalchemy import text
from werkzeug.datastructures import MultiDict
from wtforms import Form, IntegerField, StringField
from wtforms.validators import Length, NumberRange, Optional

from survey.database import PRAGMAS
from survey.database import engine as open_engine
from survey.instruments.load import builtin

INSTRUMENT: Final = builtin()
ITEMS: Final = INSTRUMENT.asked()
LONGEST: Final = 2_000
TAKE: Final = "DELETE FROM token WHERE hash = {} AND wave_id = 1 RETURNING report_unit"
PUT: Final = "INSERT INTO intake (receipt_hash, wave_id, report_unit, answers, comment) VALUES ({}, 1, {}, {}, {})"
QUESTIONS: Final = """{% for item in items %}
<fieldset class="likert" id="{{ item.id }}"><legend><span class="number">{{ loop.index }}<span class="of"> / \
{{ items|length }}</span></span><span class="said">{{ item.text.ko }}</span></legend>
<div class="points">
{% for value in range(item.min, item.max + 1) %}<label><input type="radio" name="{{ item.id }}" value="{{ value }}"\
{% if form[item.id].data == value %} checked{% endif %}><span>{{ value }}{% if value in labels[item.id] %}\
<i class="unseen">{{ labels[item.id][value] }}</i>{% endif %}</span></label>
{% endfor %}</div><p class="ends" aria-hidden="true">{% for label in labels[item.id].values() %}\
<span>{{ label }}</span>{% endfor %}</p>
<label class="skip"><input type="radio" name="{{ item.id }}" value=""><span>건너뛰기</span></label></fieldset>
{% endfor %}"""

Answers = dict[str, int | None]
Check = Callable[[MultiDict[str, str]], Answers | None]
Keep = Callable[[bytes, bytes, bytes, str], bool]
"""Keeps an answer for good, in one transaction, if its code has not been used."""


class Questions(Form):
    """The comment; the questions are added below."""

    comment = StringField(validators=[Length(max=LONGEST)])


for _item in ITEMS:
    setattr(Questions, _item.id, IntegerField(validators=[Optional(), NumberRange(_item.min, _item.max)]))


def by_wtforms(typed: MultiDict[str, str]) -> Answers | None:
    """Return the answers; None where one cannot be taken."""
    form = Questions(typed)
    return {item.id: form[item.id].data for item in ITEMS} if form.validate() else None


def by_hand(typed: Mapping[str, str]) -> Answers | None:
    """Return the answers; None where one cannot be taken."""
    found: Answers = {}
    for item in ITEMS:
        answer = typed.get(item.id, "")
        if answer and not (answer.isdecimal() and item.min <= int(answer) <= item.max):
            return None
        found[item.id] = int(answer) if answer else None
    return found if len(typed.get("comment", "")) <= LONGEST else None


def by_sqlalchemy(url: str) -> Keep:
    """Keep by SQLAlchemy."""
    engine = open_engine(url)
    take = text(TAKE.format(":code"))
    put = text(PUT.format(":receipt", ":unit", ":answers", ":comment"))

    def keep(code: bytes, receipt: bytes, answers: bytes, comment: str) -> bool:
        with engine.begin() as connection:
            unit = connection.execute(take, {"code": code}).scalar()
            if unit is not None:
                kept = {"receipt": receipt, "unit": unit, "answers": answers, "comment": comment}
                connection.execute(put, kept)
        return unit is not None

    return keep


def by_driver(url: str) -> Keep:
    """Keep by sqlite3 or psycopg, with a connection for each thread."""
    here = threading.local()

    def on_sqlite(code: bytes, receipt: bytes, answers: bytes, comment: str) -> bool:
        if not hasattr(here, "connection"):
            here.connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            for pragma in PRAGMAS:
                here.connection.execute(pragma)
        here.connection.execute("BEGIN IMMEDIATE")
        unit = here.connection.execute(TAKE.format("?"), (code,)).fetchone()
        if unit is not None:
            here.connection.execute(PUT.format(*"????"), (receipt, unit[0], answers, comment))
        here.connection.execute("COMMIT")
        return unit is not None

    def on_postgresql(code: bytes, receipt: bytes, answers: bytes, comment: str) -> bool:
        if not hasattr(here, "connection"):
            here.connection = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"))
        with here.connection.transaction():
            unit = here.connection.execute(TAKE.format("%s"), (code,)).fetchone()
            if unit is not None:
                here.connection.execute(PUT.format(*["%s"] * 4), (receipt, unit[0], answers, comment))
        return unit is not None

    return on_sqlite if url.startswith("sqlite") else on_postgresql


def with_a_loop(page: str) -> str:
    """Return a page whose questions are made anew for each request."""
    head, _first, rest = page.partition("<fieldset")
    tail = rest.rpartition("</fieldset>")[2]
    return head + QUESTIONS + tail if rest else page


def labels() -> dict[str, dict[int, str]]:
    """Return the labels of each question's numbers."""
    scales = {item.id: INSTRUMENT.answer_scale(item) for item in ITEMS}
    marks = {name: scale.labels if scale else {} for name, scale in scales.items()}
    return {name: {int(at): said["ko"] for at, said in labels.items()} for name, labels in marks.items()}


def app(folder: Path, pepper: bytes, check: Check, keep: Keep, *, loop: bool) -> Flask:
    """Make the pages."""
    made, facts = Flask(__name__), {"items": ITEMS, "labels": labels()}
    pages = {path.stem: path.read_text("utf-8") for path in folder.glob("*.html")}
    sheets = {name: made.jinja_env.from_string(with_a_loop(page) if loop else page) for name, page in pages.items()}

    @made.get("/<name>")
    def show(name: str) -> str:
        form: Any = Questions() if loop else None
        return sheets[name].render(code=request.args.get("code", ""), form=form, **facts)

    @made.post("/answer")
    def answer() -> tuple[str, int]:
        typed = request.form
        answers, receipt = check(typed), typed["receipt"]
        if answers is None:
            return "not as asked", 422
        vector = bytes(255 if (said := answers[item.id]) is None else said for item in ITEMS)
        code = hmac.digest(pepper, b"code\0" + typed["code"].encode(), "sha256")
        kept = keep(code, sha256(receipt.encode()).digest(), vector, typed.get("comment", ""))
        return (sheets["thanks"].render(receipt=receipt), 200) if kept else ("used before", 410)

    return made


def main(url: str, pages: str, port: str, kind: str) -> None:
    """Serve until killed, with as many threads as the product, and as silently."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    pepper = bytes.fromhex(sys.stdin.readline())
    if kind == "bare":
        made = app(Path(pages), pepper, by_wtforms, by_sqlalchemy(url), loop=True)
    else:
        made = app(Path(pages), pepper, by_hand, by_driver(url), loop=False)
    waitress.serve(made, host="127.0.0.1", port=int(port), threads=8, ident="", _quiet=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

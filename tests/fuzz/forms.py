"""Readers of what is typed or sent: the questionnaire's forms through the real pages; codes, keys, addresses, words."""

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final
from unicodedata import category
from urllib.parse import parse_qsl, urlencode

from flask import Flask
from nacl.public import PrivateKey
from sqlalchemy import Engine, delete, insert, select

from survey.database import reading, writing
from survey.i18n import Refused
from survey.instruments.answers import decode, encode
from survey.instruments.comments import clean
from survey.instruments.extra import require_possible, typed, with_extra
from survey.instruments.load import builtin
from survey.mail import address
from survey.migrations import upgrade
from survey.models import Token
from survey.models.responses import Intake
from survey.services.accounts.accounts import clean_email, clean_name
from survey.services.invitations import codes
from survey.services.responses import page_time
from survey.services.sealing import key_text
from survey.services.waves.wave_plans import WaveDraft
from survey.settings import Settings
from survey.web.factory import create_app
from survey.web.responses import responses as pages
from survey.web.together import Together
from tests import cast
from tests.fuzz.trying import Read, said
from tests.services import rounds

URLENCODED: Final = "application/x-www-form-urlencoded"
BOUNDARY: Final = "xXx"
CODE: Final = "CODE"
"""Stands in samples for the code of somebody who may answer."""
TITLE: Final = re.compile(rb"<title>[^<]*")
STATUSES: Final = frozenset({200, 400, 403, 404, 409, 410, 413, 422})
ITEMS: Final = [item.id for item in builtin().asked()]


def forms() -> list[bytes]:
    """Return forms as the pages send them: the code, a step, a last look, the answers, with and without what is odd."""
    who = {"code": CODE, "receipt": codes.grouped("0" * 16), "opened": "x.y", "lang": "ko"}
    given = {item: str(1 + place % 7) for place, item in enumerate(ITEMS)}
    some = dict(list(given.items())[:3]) | {ITEMS[4]: ""}
    sent: list[Mapping[str, str]] = [
        {"code": CODE},
        {**who, **some, "at": "step-1", "go": "step-2"},
        {**who, **given, "comment": "할 말이\n있다", "at": "review", "go": "send"},
        {**who, **given, "at": "list", "go": "review", "speak": "en"},
        {**who, "at": "welcome", "go": "send"},
        {**who, **given, "stranger": "7", "at": "step-3", "go": "send"},
    ]
    encoded = [urlencode(fields).encode() for fields in sent]
    parts = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in sent[2].items()
    )
    return [*encoded, f"{parts}--{BOUNDARY}--\r\n".encode()]


@contextmanager
def answers(folder: Path) -> Iterator[Read]:
    """Send a form to the pages of an open wave; what they keep is what was sent, once, and nothing else changes."""
    home = folder / "home"
    home.mkdir()
    (home / "secret.key").write_bytes(sha256(b"fuzz").digest())
    url = f"sqlite:///{home / 'survey.db'}"
    app = create_app(Settings.from_environment({**os.environ, "SURVEY_HOME": str(home), "SURVEY_DATABASE_URL": url}))
    engine: Engine = app.extensions["survey.engine"]
    upgrade(engine)
    with writing(engine) as session:
        cast.load(session)
    codes_of = rounds.open_next(engine, home, _plan())
    try:
        yield _sender(app, engine, codes_of["Di"])
    finally:
        engine.dispose()


def _plan() -> WaveDraft:
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    return rounds.plan(opens_at=now, closes_at=now + dt.timedelta(days=300))


def _sender(app: Flask, engine: Engine, code: str) -> Callable[[bytes], str]:
    client = app.test_client()
    with reading(engine) as session:
        tokens = [dict(row._mapping) for row in session.execute(select(Token.__table__))]

    def read(data: bytes) -> str:
        body = data.replace(CODE.encode(), code.encode())
        multipart = body.lstrip().startswith(b"--")
        kind = f"multipart/form-data; boundary={BOUNDARY}" if multipart else URLENCODED
        path = "/s" if len(data) % 5 == 0 else "/s/answer"
        pages.BRAKE.count_in(Together())  # guessing is braked elsewhere; here it would only take time
        answer = client.post(path, data=body, content_type=kind)
        assert answer.status_code in STATUSES, answer.status
        assert b"</html>" in answer.data
        kept = _kept(engine)
        if not kept:
            problems = min(3, answer.data.count(b'class="problem"'))
            return f"{path} {answer.status_code} {TITLE.findall(answer.data)} {problems}"
        (vector, comment), *more = kept
        assert not more
        assert answer.status_code == 200
        _holds(vector, comment, body, multipart=multipart)
        _as_before(engine, tokens)
        return "kept"

    return read


def _kept(engine: Engine) -> list[tuple[bytes, str]]:
    with reading(engine) as session:
        return [(row.answers, row.comment) for row in session.execute(select(Intake.answers, Intake.comment))]


def _as_before(engine: Engine, tokens: list[dict[str, object]]) -> None:
    with writing(engine) as session:
        session.execute(delete(Intake))
        gone = [row for row in tokens if session.get(Token, row["hash"]) is None]
        assert len(gone) == 1
        session.execute(insert(Token), gone)


def _holds(vector: bytes, comment: str, body: bytes, *, multipart: bool) -> None:
    """What is kept can be read again, says nothing that was not sent, and holds no sign that nobody sees."""
    items = builtin().items
    said = decode(items, vector)
    assert encode(items, said) == vector
    assert clean(comment) == comment
    if not multipart:
        fields = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True, errors="replace"))
        given = {name: str(value) for name, value in said.items() if value is not None}
        assert given == {name: fields[name] for name in ITEMS if fields.get(name)}


WORDS: Final = ("0111-abcd efgh 2345", "Ada@Example.com", "김 아다", "한 줄\n두 줄", "2026-10-01T09:00", "a@b", "@")


def words() -> list[bytes]:
    """Return what people type: codes, keys, addresses, names, a page's time, a question of their own."""
    key = PrivateKey(bytes(range(32)))
    more = (key_text.public_text(bytes(key.public_key)), key_text.text_of(key), page_time.write(bytes(32), cast.NOW))
    asked = "우리 팀은 일주일에 한 번 고객을 만난다\nIn our team we meet a customer once a week"
    return [text.encode() for text in (*WORDS, *more, asked)]


@contextmanager
def typing(_folder: Path) -> Iterator[Read]:
    """Give what was typed to everything that reads a line: each understands it, or says why not."""

    def read(data: bytes) -> str:
        found = [f"{reader.__name__}:{_line(reader, text)}" for text in _texts(data) for reader in READERS]
        return " ".join(sorted(set(found)))

    yield read


def _texts(data: bytes) -> set[str]:
    """What a form makes of bytes, and what a command line makes of them."""
    return {data.decode(errors="replace"), data.decode(errors="surrogateescape")}


def _line(reader: Callable[[str], bool], text: str) -> str:
    try:
        return str(reader(text))
    except Refused as refused:
        return said(refused.sentence)[0]


def _code(text: str) -> bool:
    found = codes.read(text)
    if found is None:
        return False
    assert len(found) == codes.LENGTH
    assert set(found) <= set(codes.ALPHABET)
    assert codes.read(codes.grouped(found)) == codes.read(found.lower()) == found
    assert codes.spell(codes.number(found), codes.LENGTH) == found
    return not codes.belongs_to(found, "2026-Q4") or True


def _public(text: str) -> bool:
    key = key_text.read_public(text)
    assert key_text.read_public(key_text.public_text(key)) == key
    return True


def _file(text: str) -> bool:
    key = key_text.read_file(text.encode(errors="surrogatepass"))
    assert bytes(key_text.read_file(key_text.text_of(key).encode())) == bytes(key)
    return True


def _address(text: str) -> bool:
    found = clean_email(text)
    assert clean_email(found) == found
    kept = str(address(found))
    assert not any(sign.isspace() or category(sign)[0] == "C" for sign in kept)
    return True


def _name(text: str) -> bool:
    found = clean_name(text)
    assert clean_name(found) == found
    return True


def _comment(text: str) -> bool:
    found = clean(text)
    assert clean(found) == found
    found.encode()
    return bool(found)


def _opened(text: str) -> bool:
    found = page_time.read(bytes(32), text)
    return found is not None and page_time.write(bytes(32), found) == text


def _question(text: str) -> bool:
    korean, _, english = text.partition("\n")
    extras = typed([(korean, english)])
    require_possible(extras, builtin())
    return bool(with_extra(builtin(), extras).items)


READERS: Final = (_code, _public, _file, _address, _name, _comment, _opened, _question)

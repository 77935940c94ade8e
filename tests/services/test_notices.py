import datetime as dt
import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import AuditEntry, Publication
from survey.privacy.released import Released
from survey.services.publication import notices, publication
from survey.services.publication.notices import Kind, Withdrawn
from survey.services.responses.replies import Accepted
from tests.journeys.test_setting_up import Operator
from tests.services import rounds
from tests.services.rounds import WAVE

LATER = rounds.OVER + dt.timedelta(days=90)
NEXT, THIRD = "2027-Q1", "2027-Q2"
WORDS = {"ko": "북부영업의 이름이 잘못 적혔습니다.", "en": "The name of Sales North was wrong."}


def round_of(engine: Engine, home: Path, wave: str, quarters: int) -> None:
    """Let everybody answer a wave that opens so many quarters after the first one, and publish it."""
    plan = rounds.plan_later(wave, quarters)
    codes = rounds.open_next(engine, home, plan) if quarters else rounds.open_cast(engine, home)
    for place, code in enumerate(codes.values()):
        form = rounds.sent(code, answers={"play": 1 + (place + quarters) % 7})
        assert isinstance(rounds.answer(engine, form, plan.opens_at), Accepted)
    rounds.close(engine, plan.closes_at + dt.timedelta(hours=1), wave)
    with writing(engine) as session:
        publication.publish(session, wave, plan.closes_at + dt.timedelta(days=1))


def say(engine: Engine, kind: Kind, wave: str = WAVE, **words: str) -> None:
    """Say something about a wave."""
    with writing(engine) as session:
        notices.say(session, wave, kind, {**WORDS, **words}, LATER)


def refused(engine: Engine, kind: Kind, wave: str = WAVE, **words: str) -> str:
    """Return why something cannot be said; nothing is kept of it."""
    with writing(engine) as session, pytest.raises(Refused) as error:
        notices.say(session, wave, kind, {**WORDS, **words}, LATER)
    return str(error.value)


def test_an_erratum_stands_beside_the_numbers(engine: Engine, home: Path) -> None:
    """The record stays byte for byte; the erratum travels with the publication, its data and the name of its files."""
    round_of(engine, home, WAVE, 0)
    with reading(engine) as session:
        before = publication.publication(session, WAVE)
    say(engine, "erratum")
    say(engine, "erratum", en="Once more.")
    with reading(engine) as session:
        after = publication.publication(session, WAVE)
        assert publication.publications(session) == [after]
    assert after.frozen() == before.frozen()
    assert [said.text("en") for said in after.errata] == [WORDS["en"], "Once more."]
    assert after.errata[0].text("ko") == WORDS["ko"]
    assert publication.results(after)["errata"] == [
        {"said_on": "2027-01-13", "ko": WORDS["ko"], "en": words} for words in (WORDS["en"], "Once more.")
    ]
    assert before.errata == ()
    assert (before.told_digest, after.digest) == (before.digest, before.digest)
    assert after.told_digest != before.digest


def test_withdrawn_numbers_are_shown_nowhere(engine: Engine, home: Path) -> None:
    """Nobody gets the publication any more, each is told since when and why; it is kept, and still audited."""
    round_of(engine, home, WAVE, 0)
    say(engine, "withdrawal")
    with reading(engine) as session:
        assert publication.publications(session) == []
        with pytest.raises(Withdrawn) as error:
            publication.publication(session, WAVE)
        assert error.value.notice.text("en") == WORDS["en"]
        assert "withdrawn on 2027-01-13" in str(error.value)
        assert session.scalars(select(Publication)).one().digest
        assert all(found.safe for _, found in publication.audit(session, WAVE))
    with writing(engine) as session, pytest.raises(Refused, match="published already"):
        publication.publish(session, WAVE, LATER)


def test_what_is_withdrawn_stays_so(engine: Engine, home: Path) -> None:
    """Neither a second withdrawal nor a late erratum is taken."""
    round_of(engine, home, WAVE, 0)
    say(engine, "withdrawal")
    assert "withdrawn on" in refused(engine, "erratum")
    assert "withdrawn on" in refused(engine, "withdrawal")
    with reading(engine) as session:
        assert [notice.kind for notice in notices.notices(session, WAVE)] == ["withdrawal"]


def test_both_languages_are_needed(engine: Engine, home: Path) -> None:
    """A language that is missing, a text too long for page one, or a wave without results is refused."""
    rounds.open_cast(engine, home)
    assert "not been published" in refused(engine, "erratum")
    rounds.close(engine)
    with writing(engine) as session:
        publication.publish(session, WAVE, LATER)
    assert "in Korean and in English" in refused(engine, "erratum", ko=" \n\u202e\u200b")
    assert "600 characters" in refused(engine, "withdrawal", en="x" * 601)
    assert "no wave 1999-Q1" in refused(engine, "erratum", "1999-Q1")
    with reading(engine) as session:
        assert notices.notices(session, WAVE) == ()


def test_what_is_said_is_in_the_log(engine: Engine, home: Path) -> None:
    """The log names the act, the wave and a digest of the words, so that they cannot be changed unseen."""
    round_of(engine, home, WAVE, 0)
    say(engine, "erratum")
    say(engine, "withdrawal")
    with reading(engine) as session:
        acts = session.execute(select(AuditEntry.act, AuditEntry.facts).order_by(AuditEntry.id)).all()[-2:]
    assert [act for act, _facts in acts] == ["erratum said", "results withdrawn"]
    assert all(facts["wave"] == WAVE and len(facts["words"]) == 64 for _act, facts in acts)


def test_a_later_wave_counts_from_the_one_before_the_withdrawn(engine: Engine, home: Path) -> None:
    """A wave published after a withdrawal takes the last wave that stands as its previous one."""
    round_of(engine, home, WAVE, 0)
    round_of(engine, home, NEXT, 1)
    say(engine, "withdrawal", NEXT)
    round_of(engine, home, THIRD, 2)
    with reading(engine) as session:
        first, third = publication.publications(session)
    assert (first.wave.code, third.wave.code) == (WAVE, THIRD)
    assert (third.previous_wave, third.previous_digest) == (WAVE, first.digest)


def test_a_change_since_a_withdrawn_wave_is_shown_no_more(engine: Engine, home: Path) -> None:
    """Today's index less the change would be the withdrawn one: published changes go, with their reason."""
    round_of(engine, home, WAVE, 0)
    round_of(engine, home, NEXT, 1)
    with reading(engine) as session:
        before = publication.publication(session, NEXT)
    assert isinstance(before.root.detail, Released)
    assert before.root.detail.value.change is not None
    say(engine, "withdrawal", WAVE)
    with reading(engine) as session:
        after = publication.publication(session, NEXT)
    assert isinstance(after.root.detail, Released)
    assert after.root.detail.value.change is None
    assert "withdrawn" in after.root.detail.value.change_hidden
    assert after.root.detail.value.index_sd == before.root.detail.value.index_sd
    assert '"change":{' not in json.dumps(publication.results(after), separators=(",", ":"))
    assert after.told_digest != before.told_digest


def test_withdrawals_are_told_where_an_earlier_wave_is_shown(engine: Engine, home: Path) -> None:
    """Who looks at a wave hears of later ones that were withdrawn; who looks at a later one hears of none."""
    round_of(engine, home, WAVE, 0)
    round_of(engine, home, NEXT, 1)
    say(engine, "withdrawal", NEXT)
    with reading(engine) as session:
        assert [notice.wave for notice in notices.withdrawals(session, WAVE)] == [NEXT]
        assert notices.withdrawals(session, NEXT) == ()
        assert len(notices.withdrawals(session)) == 1


def test_errata_and_withdrawal_by_command(engine: Engine, home: Path, database_url: str) -> None:
    """Both commands take both languages; results print the erratum, and after the withdrawal nothing but the reason."""
    round_of(engine, home, WAVE, 0)
    operator = Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL=database_url)
    words = ("--wave", WAVE, "--ko", WORDS["ko"], "--en", WORDS["en"])
    assert "every page" in operator.done("erratum", *words)
    assert WORDS["en"] in operator.done("results", "--wave", WAVE)
    assert json.loads(operator.done("results", "--wave", WAVE, "--format", "json"))["errata"][0]["ko"] == WORDS["ko"]
    assert "cannot be taken back" in operator.done("withdraw", *words)
    for command in (
        ("results",),
        ("report", "--unit", "CO", "-o", str(home / "x.pdf")),
        ("reports", "-o", str(home / "x.zip")),
    ):
        assert WORDS["en"] in operator.refused(command[0], "--wave", WAVE, *command[1:])
    assert "Safe: " in operator.done("audit", "--wave", WAVE)

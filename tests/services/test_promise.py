import datetime as dt
import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, update

from survey.app import main
from survey.database import reading, writing
from survey.i18n import LANGUAGES, Refused
from survey.instruments.load import builtin
from survey.models import AuditEntry, Wave
from survey.services.waves import frozen_facts, frozen_promise, opening, wave_plans, waves
from survey.services.waves.promise import MIXED, SEALED, SPARE, WHILE_OPEN, in_numbers, limits, promise
from tests import cast
from tests.services import rounds
from tests.services.rounds import WAVE
from tests.services.sealed import COUNCIL, LEAD, answered, register, unseal

JARGON = (
    "threshold",
    "arithmetic",
    "anonymi",
    "statistic",
    "aggregat",
    "salt",
    "hash",
    "encrypt",
    "통계",
    "익명",
    "암호화",
)


@pytest.fixture
def opened(engine: Engine, home: Path) -> Wave:
    """The cast's wave, open."""
    rounds.open_cast(engine, home)
    with reading(engine) as session:
        return waves.wave(session, WAVE)


def test_the_promise_is_kept_as_it_was_read(opened: Wave) -> None:
    """Six lines with their explanations, the limits and the facts stand in both languages; the digest is their hash."""
    assert hashlib.sha256(opened.promise.encode()).hexdigest() == opened.promise_digest
    kept = frozen_facts.promise_of(opened)
    for language in LANGUAGES:
        words = kept.words[language]
        assert words.lines == tuple((line.short.to(language), line.full.to(language)) for line in promise(5, 24, 10))
        assert words.limits == tuple(limit.to(language) for limit in limits())
        assert len(words.lines) == 6
        assert [what for _, what in words.facts][:3] == {
            "en": ["5 people or more", "10 people or more", "24 months after the close"],
            "ko": ["5명 이상", "10명 이상", "설문이 끝나고 24개월 뒤"],
        }[language]
    facts = kept.facts
    assert (facts.wave, facts.k, facts.detail_k, facts.retention_months) == (WAVE, 5, 10, 24)
    assert (facts.instrument, facts.instrument_version) == (builtin().id, builtin().version)
    assert (facts.strict, facts.sealed, facts.seal_key, facts.keyholders) == (False, False, "", ())


def test_the_text_is_canonical(opened: Wave) -> None:
    """The same promise is always the same text, whoever writes it again."""
    again = json.dumps(json.loads(opened.promise), ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    assert again == opened.promise
    assert opened.promise.isascii() is False


def test_the_log_carries_both_digests(engine: Engine, opened: Wave) -> None:
    """Whoever changes the promise with its digest would have to change the chain of the log as well."""
    with reading(engine) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "wave opened")).one()
    assert entry.facts["promise"] == opened.promise_digest
    assert entry.facts["frozen"] == opened.frozen_digest
    assert len(opened.frozen_digest) == 64


def test_a_sealed_wave_promises_more() -> None:
    """The first line and the limits of a sealed wave are its own; all the other lines are the same."""
    plain, sealed = promise(5, 24), promise(5, 24, sealed=True)
    assert (plain[0], sealed[0]) == (MIXED, SEALED)
    assert plain[1:] == sealed[1:]
    assert [limit for limit in limits() if limit not in limits(sealed=True)] == [WHILE_OPEN[0]]


@pytest.mark.parametrize("sealed", [False, True])
def test_the_promise_says_what_the_company_can_still_see(*, sealed: bool) -> None:
    """A full count names everybody, and a spare code can be followed until the close: both stand among the limits."""
    told = limits(sealed=sealed)
    assert SPARE in told
    assert any("everybody took part" in limit.to("en") for limit in told)
    assert any("모두 참여했다는" in limit.to("ko") for limit in told)


@pytest.mark.parametrize("sealed", [False, True])
def test_nobody_needs_to_have_heard_of_statistics(*, sealed: bool) -> None:
    """No line uses a word of the trade, and no sentence is long."""
    for line in promise(7, 12, 15, sealed=sealed):
        for language, longest in (("en", 45), ("ko", 25)):
            text = f"{line.short.to(language)} {line.full.to(language)}"
            assert [word for word in JARGON if word in text.lower()] == []
            assert max(len(sentence.split()) for sentence in text.split(". ")) <= longest


def test_a_threshold_of_its_own_gets_an_example_of_its_own() -> None:
    """The example speaks of one person fewer than the wave's threshold."""
    assert "if 6 people of a team answer" in promise(7, 24)[1].full.to("en")
    assert "한 팀에서 6명이 답하면" in promise(7, 24)[1].full.to("ko")


def test_one_month_is_said_as_one() -> None:
    """Neither language counts a single month."""
    short, (_, fact) = promise(5, 1)[4].short, in_numbers(5, 1, 10, strict=False)[2]
    assert (short.to("en"), fact.to("en")) == (
        "Answers are deleted one month after the close.",
        "one month after the close",
    )
    assert (short.to("ko"), fact.to("ko")) == ("답은 설문이 끝나고 한 달 뒤에 지웁니다.", "설문이 끝나고 한 달 뒤")


def test_the_command_prints_the_text_and_its_digest(opened: Wave, environment: dict[str, str]) -> None:
    """What the command prints can be hashed again by anybody; the digest stands beside it."""
    result = CliRunner().invoke(main, ["promise", "--wave", WAVE], env=environment)
    assert result.exit_code == 0
    assert hashlib.sha256(result.stdout_bytes).hexdigest() == opened.promise_digest
    assert result.stderr == f"SHA-256: {opened.promise_digest}\n"


def test_a_plan_promises_nothing_yet(engine: Engine, environment: dict[str, str]) -> None:
    """Before the opening there is no promise to print."""
    with writing(engine) as session:
        cast.load(session)
        wave_plans.draft(session, rounds.plan(), cast.NOW)
    result = CliRunner().invoke(main, ["--lang", "en", "promise", "--wave", WAVE], env=environment)
    assert result.exit_code == 1
    assert "has promised nothing yet" in result.stderr
    with reading(engine) as session:
        assert frozen_facts.newest(session) is None
        assert frozen_facts.broken(session, waves.wave(session, WAVE)) is None


def test_a_damaged_promise_is_not_read() -> None:
    """A text that is no promise is refused in a sentence."""
    with pytest.raises(Refused, match="cannot be read"):
        frozen_facts.promise_of(Wave(code="x", promise="{}"))
    assert frozen_promise.digest("a") != frozen_promise.digest("b")


def test_waves_are_a_quarter_apart(engine: Engine, home: Path, opened: Wave) -> None:
    """The next wave opens 80 days after the last one opened, not a day before; the sentence names the day."""
    rounds.close(engine)
    first = (opened.opens_at + opening.APART).date()
    plan = rounds.plan("next", opened.opens_at + dt.timedelta(days=120), opened.opens_at + dt.timedelta(days=60))
    with writing(engine) as session:
        assert opening.first_day(session) == first
        wave_plans.draft(session, plan, plan.opens_at)
    early = dt.datetime.combine(first, dt.time()) - dt.timedelta(seconds=1)
    with writing(engine) as session, pytest.raises(Refused, match=f"from {first.isoformat()} on"):
        opening.open_wave(session, "next", early, home)
    with writing(engine) as session:
        assert opening.open_wave(session, "next", early + dt.timedelta(seconds=1), home).state == "open"


def test_a_sealed_wave_names_who_can_open_it(engine: Engine, home: Path) -> None:
    """The promise of a sealed wave says that answers are locked, and by whom they are opened; unsealing keeps it."""
    keys = register(engine)
    answered(engine, home)
    with reading(engine) as session:
        wave = waves.wave(session, WAVE)
        kept = frozen_facts.promise_of(wave)
    assert wave.seal_key is not None
    assert (kept.facts.sealed, kept.facts.seal_key, kept.facts.keyholders) == (
        True,
        wave.seal_key.hex(),
        (LEAD, COUNCIL),
    )
    assert kept.words["en"].lines[0][1] == SEALED.full.to("en")
    assert f"opened by {LEAD}, {COUNCIL}" in kept.words["en"].facts[-1][1]
    assert f"열쇠 맡은 사람: {LEAD}, {COUNCIL}" in kept.words["ko"].facts[-1][1]
    rounds.close(engine)
    unseal(engine, keys[COUNCIL])
    with reading(engine) as session:
        assert frozen_facts.broken(session, waves.wave(session, WAVE)) is None


def test_another_key_to_seal_with_is_refused(engine: Engine, home: Path) -> None:
    """Nobody slips a key of his own under an open wave."""
    register(engine)
    answered(engine, home)
    with pytest.raises(Refused, match="seal_key"), writing(engine) as session:
        session.execute(update(Wave).values(seal_key=bytes(32)))

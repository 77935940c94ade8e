import datetime as dt
import stat
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine, func, select

from survey.database import reading, writing
from survey.i18n import Refused
from survey.instruments.load import builtin
from survey.models import Adoption, AuditEntry, Invitation, RosterEntry, Token, Unit, Wave
from survey.models.responses import Intake
from survey.services.invitations import issue_key
from survey.services.responses import responses
from survey.services.roster.people import import_roster, read_roster
from survey.services.waves import closing, frozen, opening, participation, wave_plans, waves
from survey.services.waves.freezing import FrozenUnit
from tests import cast
from tests.services import rounds

PRACTICES = [item.id for item in builtin().practices]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"k": 4}, "fewer than 5 people"),
        ({"detail_k": 9}, "at least 10 people"),
        ({"k": 12, "detail_k": 11}, "at least 12 people"),
        ({"closes_at": cast.NOW}, "end before it starts"),
        ({"instrument_id": "horoscope"}, "no questionnaire horoscope"),
        ({"practices": ("karaoke",)}, "karaoke is no practice"),
        ({"practices": tuple(PRACTICES[:5])}, "up to 4 more"),
        ({"code": "../keys"}, "40 letters"),
        ({"code": ""}, "40 letters"),
        ({"code": "New"}, "cannot be called New"),
        ({"retention_months": 0}, "a month at least"),
        ({"retention_months": 10**20}, "120 months at most"),
        ({"closes_at": dt.datetime(9999, 12, 31, 23, 59)}, "within a year from today"),
        ({"detail_k": 10**20}, "would hide everything"),
    ],
)
def test_a_plan_that_cannot_work_is_refused(engine: Engine, change: dict[str, object], why: str) -> None:
    """Each mistake in a plan gets a sentence of its own, and nothing is kept."""
    with pytest.raises(Refused, match=why), writing(engine) as session:
        wave_plans.draft(session, msgspec.structs.replace(rounds.plan(), **change), cast.NOW)
    with reading(engine) as session:
        assert waves.waves(session) == []


def test_a_name_is_given_once(engine: Engine) -> None:
    """Two waves never have one name."""
    with writing(engine) as session:
        wave_plans.draft(session, rounds.plan(), cast.NOW)
    with pytest.raises(Refused, match="already"), writing(engine) as session:
        wave_plans.draft(session, rounds.plan(), cast.NOW)


def test_a_draft_can_be_thrown_away_and_an_opened_wave_cannot(engine: Engine, home: Path) -> None:
    """Planning anew under the same name is possible until somebody was asked."""
    with writing(engine) as session:
        wave_plans.draft(session, rounds.plan(), cast.NOW)
        wave_plans.discard(session, rounds.WAVE, cast.NOW)
    rounds.open_cast(engine, home)
    with pytest.raises(Refused, match="opened before"), writing(engine) as session:
        wave_plans.discard(session, rounds.WAVE, cast.NOW)


def test_a_wave_asks_adopted_practices_and_up_to_four_more(engine: Engine) -> None:
    """What a unit has adopted is asked without being named."""
    with writing(engine) as session:
        cast.load(session)
        session.add(Adoption(unit_code="NORTH", practice_id=PRACTICES[6], since=cast.TODAY))
    with writing(engine) as session:
        plan = msgspec.structs.replace(rounds.plan(), practices=tuple(reversed(PRACTICES[:4])))
        assert wave_plans.draft(session, plan, cast.NOW).practices == [*PRACTICES[:4], PRACTICES[6]]


def _no_roster(_engine: Engine, _home: Path) -> None:
    pass


def _four_people(engine: Engine, _home: Path) -> None:
    csv = b"number,name,email,language,unit,parent\n" + b"".join(b"%d,N%d,,ko,CO,\n" % (n, n) for n in range(4))
    with writing(engine) as session:
        import_roster(session, read_roster(csv, "roster.csv"), cast.TODAY)


def _open_already(engine: Engine, home: Path) -> None:
    with writing(engine) as session:
        cast.load(session)
    rounds.open_next(engine, home, rounds.plan("2026-Q3"))


def _plus(engine: Engine, _home: Path) -> None:
    with writing(engine) as session:
        cast.load(session)
    with writing(engine) as session:
        session.add(Unit(code="C+", parent_code="CO", name_ko="씨", name_en="C"))


@pytest.mark.parametrize(
    ("before", "why"),
    [
        (_no_roster, "Nobody is in the roster"),
        (_four_people, "Only 4 people"),
        (_open_already, "2026-Q3 is open"),
        (_plus, "must not end in"),
    ],
)
def test_a_wave_that_cannot_open_stays_a_draft(
    engine: Engine, home: Path, before: Callable[[Engine, Path], None], why: str
) -> None:
    """An empty roster, too few people, another open wave: refused, and nothing is left behind."""
    before(engine, home)
    with writing(engine) as session:
        wave_plans.draft(session, rounds.plan(), cast.NOW)
    with pytest.raises(Refused, match=why), writing(engine) as session:
        opening.open_wave(session, rounds.WAVE, cast.NOW, home)
    with reading(engine) as session:
        wave = waves.wave(session, rounds.WAVE)
        assert (wave.state, wave.pepper) == ("draft", None)
        assert session.scalar(select(func.count()).select_from(Token).where(Token.wave_id == wave.id)) == 0


def test_what_cannot_be_opened_or_closed_says_why(engine: Engine, home: Path) -> None:
    """Unknown, unopened, open, closed: each step is refused where it does not fit."""
    with writing(engine) as session:
        cast.load(session)
    with writing(engine) as session:
        wave_plans.draft(session, rounds.plan(), cast.NOW)
        wave_plans.draft(session, msgspec.structs.replace(rounds.plan("wsdi"), instrument_id="w-sdi"), cast.NOW)

    def refused(why: str, step: Callable[[], object]) -> None:
        with pytest.raises(Refused, match=why):
            step()

    with writing(engine) as session:
        refused("no wave 1999", lambda: opening.open_wave(session, "1999", cast.NOW, home))
        refused("not open", lambda: closing.close(session, rounds.WAVE, rounds.OVER))
        refused("no wording", lambda: opening.open_wave(session, "wsdi", cast.NOW, home))
        refused("ended already", lambda: opening.open_wave(session, rounds.WAVE, rounds.CLOSES, home))
        opening.open_wave(session, rounds.WAVE, cast.NOW, home)
    with writing(engine) as session:
        refused("opened before", lambda: opening.open_wave(session, rounds.WAVE, cast.NOW, home))
        refused("early", lambda: closing.close(session, rounds.WAVE, rounds.CLOSES))
        closing.close(session, rounds.WAVE, rounds.OVER)
        refused("not open", lambda: closing.close(session, rounds.WAVE, rounds.OVER))


def test_opening_freezes_the_cast(engine: Engine, home: Path) -> None:
    """Teams that can be shown stay; Chat's two and the leads answer together one level up, where they are five."""
    rounds.open_cast(engine, home)
    with reading(engine) as session:
        wave = waves.wave(session, rounds.WAVE)
        tree = {unit.code: unit for unit in frozen.frozen_tree(session, wave)}
    assert {code: unit.invited for code, unit in tree.items() if unit.invited} == {
        "CO+": 5,
        "NORTH": 9,
        "SOUTH": 5,
        "PHONE": 8,
    }
    assert list(tree) == ["CO", "CARE", "PHONE", "CO+", "SALES", "NORTH", "SOUTH"]
    assert tree["CO+"] == FrozenUnit(
        "CO+", "CO", {"ko": "등대상사 직속", "en": "Lighthouse Trading (direct)"}, "", leads=True, invited=5,
        languages={"ko": 4, "en": 1},
    )  # fmt: skip


def test_the_frozen_roster_outlives_a_new_one(engine: Engine, home: Path) -> None:
    """Who moves after the opening still answers for the unit she was in."""
    rounds.open_cast(engine, home)
    with writing(engine) as session:
        here, there = "NORTH,SALES,북부영업,Sales North", "SOUTH,SALES,남부영업,Sales South"
        moved = cast.roster_csv().decode().replace(f"Di,di@example.com,ko,{here}", f"Di,di@example.com,ko,{there}")
        assert import_roster(session, read_roster(moved.encode(), "roster.csv"), cast.TODAY).moved == 1
        places = Counter(session.scalars(select(RosterEntry.report_unit)))
    assert places == {"CO+": 5, "NORTH": 9, "SOUTH": 5, "PHONE": 8}


def test_codes_are_kept_as_hashes_in_hash_order(engine: Engine, home: Path) -> None:
    """As many codes as people and spares, none readable, in an order that says nothing about people."""
    codes = rounds.open_cast(engine, home)
    with reading(engine) as session:
        hashes = list(session.scalars(select(Token.hash)))
    assert len(set(codes.values())) + rounds.SPARES == len(set(hashes)) == len(cast.MEMBERS) + rounds.SPARES
    assert hashes == sorted(hashes)
    assert not {code.encode() for code in codes.values()} & set(hashes)


def test_the_issue_key_lies_outside_the_database_for_its_owner_only(engine: Engine, home: Path) -> None:
    """The key that joins people to codes is in a file of mode 600, in no table."""
    rounds.open_cast(engine, home)
    path = home / "keys" / f"{rounds.WAVE}.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with reading(engine) as session:
        assert waves.wave(session, rounds.WAVE).pepper not in {None, path.read_bytes()}


def test_a_failed_opening_can_be_repeated(engine: Engine, home: Path) -> None:
    """A key that an opening left behind when it failed is replaced, never reused."""
    left = issue_key.create(home, rounds.WAVE)
    rounds.open_cast(engine, home)
    assert issue_key.read(home, rounds.WAVE) != left


def test_the_close_ends_everything_that_recognised_a_code(engine: Engine, home: Path) -> None:
    """After the close there is no pepper, no code, no arrival; the state says closed."""
    codes = rounds.open_cast(engine, home)
    rounds.answer(engine, rounds.sent(codes["Di"]))
    rounds.close(engine)
    with reading(engine) as session:
        wave = waves.wave(session, rounds.WAVE)
        assert (wave.state, wave.pepper) == ("closed", None)
        assert waves.current(session) is None
        assert session.scalar(select(func.count()).select_from(Token)) == 0
        assert session.scalar(select(func.count()).select_from(Intake)) == 0
        assert [unit for unit, _ in responses.answer_rows(session, wave)] == ["NORTH"]


def test_closing_early_must_be_said(engine: Engine, home: Path) -> None:
    """HR may end a wave before its time, but only on purpose; the log tells."""
    rounds.open_cast(engine, home)
    with writing(engine) as session:
        closing.close(session, rounds.WAVE, cast.NOW + dt.timedelta(days=1), early=True)
        acts = list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))
    assert acts == ["wave drafted", "wave opened", "wave closed early"]


def test_no_administrative_act_of_a_wave_names_a_respondent(engine: Engine, home: Path) -> None:
    """The log has no entry for an answer."""
    codes = rounds.open_cast(engine, home)
    with reading(engine) as session:
        before = session.scalar(select(func.count()).select_from(AuditEntry))
    rounds.answer(engine, rounds.sent(codes["Di"]))
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == before
        assert session.scalar(select(func.count()).where(Invitation.sent_on.is_not(None))) == 0


def test_an_imported_wave_is_closed_from_birth(engine: Engine) -> None:
    """Answers from elsewhere come with their units, and without roster, codes or participation."""
    unit = FrozenUnit("A", None, {"ko": "가", "en": "A"}, "", leads=False, invited=0)
    with writing(engine) as session:
        wave = wave_plans.add_imported(session, rounds.plan("paper"), [unit], cast.NOW)
        responses.keep(session, wave, [("A", bytes(33))] * 6)
    with reading(engine) as session:
        wave = waves.wave(session, "paper")
        assert (wave.kind, wave.state, wave.pepper) == ("imported", "closed", None)
        assert [found.code for found in frozen.frozen_tree(session, wave)] == ["A"]
        assert responses.counts(session, wave) == {"A": 6}
        assert session.scalar(select(func.count()).select_from(Invitation)) == 0


def test_participation_is_a_band_counted_once_a_day(engine: Engine, home: Path) -> None:
    """Units of ten and more show a band that moves once a day; smaller ones show none."""
    codes = rounds.open_cast(engine, home)
    for name in ("Di", "Eun", "Fay"):
        rounds.answer(engine, rounds.sent(codes[name]))

    def count(today: dt.date) -> dict[str, str]:
        with writing(engine) as session:
            wave = waves.wave(session, rounds.WAVE)
            participation.count(session, wave, today)
            return participation.bands(session, wave)

    first = count(cast.TODAY)
    assert first == {
        "CO": "< 20 %", "CO+": "", "CARE": "", "PHONE": "", "SALES": "20–29 %", "NORTH": "", "SOUTH": "",
    }  # fmt: skip
    rounds.answer(engine, rounds.sent(codes["Gil"]))
    rounds.answer(engine, rounds.sent(codes["Han"]))
    assert count(cast.TODAY) == first
    assert count(cast.TODAY + dt.timedelta(days=1))["SALES"] == "30–39 %"


def test_at_most_one_wave_is_open_whatever_the_code_says(engine: Engine, home: Path) -> None:
    """The database itself refuses a second open wave."""
    rounds.open_cast(engine, home)
    with writing(engine) as session:
        wave_plans.draft(session, rounds.plan("next"), cast.NOW)
    with pytest.raises(Exception, match=r"(?i)unique"), writing(engine) as session:
        session.get_one(Wave, waves.wave(session, "next").id).state = "open"

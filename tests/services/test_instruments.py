"""Instruments that a company brings in: never changed, used by waves from their plan to their record."""

import pytest
from sqlalchemy import Engine, select, text

from survey.database import reading, writing
from survey.i18n import Refused
from survey.instruments.errors import InstrumentError
from survey.instruments.load import builtin, source
from survey.models import AuditEntry
from survey.services.instruments import instruments, registry
from survey.services.waves import wave_plans, waves
from survey.services.waves.wave_plans import WaveDraft
from tests import cast
from tests.services import rounds
from tests.variant import EXTRAS, VERSION, variant

OURS = builtin()


def brought(engine: Engine, file: str | None = None) -> None:
    """Put the cast and the company's own version into the database."""
    with writing(engine) as session:
        cast.load(session)
        instruments.add(session, (file or variant()).encode(), "ours.toml", cast.NOW)


def own_plan(code: str = rounds.WAVE) -> WaveDraft:
    """Plan a wave that asks the company's own version."""
    return WaveDraft(code=code, opens_at=cast.NOW, closes_at=rounds.CLOSES, instrument_version=VERSION)


def test_a_file_becomes_a_version_that_a_wave_can_choose(engine: Engine) -> None:
    """The version stands beside ours, and the wave that was planned with it asks its words."""
    brought(engine)
    with writing(engine) as session:
        wave_plans.draft(session, own_plan(), cast.NOW)
    with reading(engine) as session:
        found = {each.instrument.version: each for each in instruments.versions(session) if each.askable}
        assert list(found) == [OURS.version, VERSION]
        assert found[VERSION].waves == (rounds.WAVE,)
        asked = waves.instrument_of(session, waves.wave(session, rounds.WAVE))
        assert asked.item("play").text["en"] == "I do this work because I enjoy it."
        assert "{unit}" not in asked.to_json().replace('"units"', "")


def test_bringing_in_the_same_file_again_changes_nothing(engine: Engine) -> None:
    """Line ends of another system and a byte order mark make no other file of it; the log has one entry."""
    brought(engine)
    with writing(engine) as session:
        again = b"\xef\xbb\xbf" + variant().replace("\n", "\r\n").encode()
        instruments.add(session, again, "again.toml", cast.NOW)
    with reading(engine) as session:
        added = session.scalars(select(AuditEntry).where(AuditEntry.act == "instrument added")).all()
        assert [entry.facts["instrument"] for entry in added] == [f"total-motivation {VERSION}"]


@pytest.mark.parametrize(("file", "said"), [
    (variant(play="I do this work because it is fun."), "is here already, with another text"),
    (variant("1.0"), "ships with this program, with another text"),
    (source("total-motivation"), "as it ships with this program"),
])  # fmt: skip
def test_a_version_never_changes(engine: Engine, file: str, said: str) -> None:
    """The same id and version with other words is refused, ours and the company's alike."""
    brought(engine)
    with pytest.raises(Refused, match=said), writing(engine) as session:
        instruments.add(session, file.encode(), "other.toml", cast.NOW)


@pytest.mark.parametrize("statement", [
    "UPDATE instrument SET text = 'other'",
    "UPDATE instrument SET version = '2'",
    "DELETE FROM instrument",
])  # fmt: skip
def test_sql_cannot_change_what_a_wave_asks(engine: Engine, statement: str) -> None:
    """The database refuses to change a version, or to delete one that a wave uses."""
    brought(engine)
    with writing(engine) as session:
        wave_plans.draft(session, own_plan(), cast.NOW)
    with pytest.raises(Refused, match="instrument"), writing(engine) as session:
        session.execute(text(statement))


def test_a_version_is_deleted_only_while_no_wave_uses_it(engine: Engine) -> None:
    """A draft uses it as well; once the draft is gone so may be the version, and another file may take its name."""
    brought(engine)
    with writing(engine) as session:
        wave_plans.draft(session, own_plan(), cast.NOW)
    with pytest.raises(Refused, match=rounds.WAVE), writing(engine) as session:
        instruments.remove(session, OURS.id, VERSION, cast.NOW)
    with writing(engine) as session:
        wave_plans.discard(session, rounds.WAVE, cast.NOW)
        instruments.remove(session, OURS.id, VERSION, cast.NOW)
    with pytest.raises(Refused, match="no version"), writing(engine) as session:
        instruments.remove(session, OURS.id, OURS.version, cast.NOW)
    with writing(engine) as session:
        instruments.add(session, variant(play="I work for the joy of it.").encode(), "ours.toml", cast.NOW)
        asked = registry.instrument(session, OURS.id, VERSION)
        assert asked.item("play").text["en"] == "I work for the joy of it."


def test_every_version_can_be_taken_as_a_starting_point(engine: Engine) -> None:
    """The file of a version is what was brought in, byte by byte; ours is the one in the program's folder."""
    brought(engine)
    with reading(engine) as session:
        assert instruments.text_of(session, OURS.id, VERSION) == variant()
        assert instruments.text_of(session, OURS.id, OURS.version) == source(OURS.id)
        with pytest.raises(Refused):
            instruments.text_of(session, OURS.id, "9")


def test_a_definition_without_wording_cannot_be_planned_as_ours(engine: Engine) -> None:
    """What cannot be asked is refused when it is brought in, with place and cure."""
    with pytest.raises(InstrumentError, match="cannot be asked"), writing(engine) as session:
        instruments.add(session, source("w-sdi").replace('"1.0"', '"1.1"', 1).encode(), "w-sdi.toml", cast.NOW)


def test_an_unknown_version_cannot_be_planned(engine: Engine) -> None:
    """A plan names a version that is here, or is refused; of our id it takes the version that ships."""
    with writing(engine) as session:
        cast.load(session)
        with pytest.raises(Refused, match="no questionnaire ours, version 3"):
            registry.instrument(session, "ours", "3")
        with pytest.raises(Refused, match="there are total-motivation"):
            registry.instrument(session, "ours", "")


def test_a_name_with_a_nul_is_no_questionnaire(engine: Engine) -> None:
    """It comes from a hidden field of the thank-you page, so anybody can send one; PostgreSQL would stumble over it."""
    with reading(engine) as session:
        for name, version in (("ours\0", "1"), ("ours", "\0")):
            with pytest.raises(Refused, match="no questionnaire"):
                registry.instrument(session, name, version)


def test_extra_items_stand_at_the_end_of_what_a_wave_asks(engine: Engine) -> None:
    """A draft keeps them; they come after everything else, and the digest of what is asked is another one."""
    with writing(engine) as session:
        cast.load(session)
        plan = WaveDraft(code=rounds.WAVE, opens_at=cast.NOW, closes_at=rounds.CLOSES, extra_items=EXTRAS)
        wave = wave_plans.draft(session, plan, cast.NOW)
        assert registry.extras_of(wave) == EXTRAS
        asked = waves.instrument_of(session, wave)
        assert [item.id for item in asked.items[-5:]] == [extra.id for extra in EXTRAS]
        assert asked.digest() != OURS.digest()

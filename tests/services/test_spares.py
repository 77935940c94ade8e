import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy import Engine, func, select, text, update

from survey.app import main
from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import AuditEntry, Person, Spare, Token, WaveUnit
from survey.privacy.released import Released
from survey.services.invitations import invitations, spares
from survey.services.invitations.codes import belongs_to, code_hash
from survey.services.invitations.invitations import CodeSheet
from survey.services.invitations.spares import Drawing
from survey.services.publication import publication
from survey.services.responses import responses
from survey.services.responses.replies import Accepted, Good, Spent
from survey.services.waves import waves
from tests import cast
from tests.services import rounds
from tests.services.disk import no_file_beyond, tables
from tests.services.posting import House, code_in, outbox, plain
from tests.services.rounds import SPARES, WAVE


class Spares(House):
    """What is done with spare codes, and what is left of them."""

    def send(self, who: str) -> str:
        """Send a spare code to a person; return the code that arrived."""
        spares.send_spare(self.engine, WAVE, who, self.outbox(), cast.NOW)
        return code_in(self.box.messages[-1])

    def pools(self) -> dict[str, tuple[int, int, int]]:
        """Return by unit how many spares were made, were drawn, and lie in the pool."""
        with reading(self.engine) as session:
            left = dict(session.execute(select(Spare.report_unit, func.count()).group_by(Spare.report_unit)).all())
            units = session.scalars(select(WaveUnit).where(WaveUnit.spares > 0))
            return {unit.code: (unit.spares, unit.spares_drawn, left.get(unit.code, 0)) for unit in units}


@pytest.fixture
def house(engine: Engine, home: Path) -> Iterator[Spares]:
    """Give an installation whose letters go to a real server."""
    with Spares.receiving(engine, home) as opened:
        yield opened


def test_every_unit_gets_a_counted_pool_that_nothing_tells_from_peoples_codes(house: Spares) -> None:
    """A tenth and one more for each unit; all good for their unit, none a person's, kept in the order of the code."""
    assert house.pools() == {"CO+": (2, 0, 2), "NORTH": (2, 0, 2), "SOUTH": (2, 0, 2), "PHONE": (2, 0, 2)}
    with reading(house.engine) as session:
        pepper = waves.wave(session, WAVE).pepper or b""
        pool = session.execute(select(Spare.code, Spare.report_unit)).all()
        tokens = dict(session.execute(select(Token.hash, Token.report_unit)).all())
        kept = [code for (code,) in session.execute(text("SELECT code FROM spare"))]
    assert not {code for code, _ in pool} & set(house.codes.values())
    assert all(belongs_to(code, WAVE) and tokens[code_hash(pepper, code)] == unit for code, unit in pool)
    assert kept == sorted(kept)


def test_a_lost_letter_is_replaced_straight_to_its_reader(house: Spares) -> None:
    """The code goes by letter to the person, in her language, is good for her unit, and leaves the pool."""
    invitations.send_letters(house.engine, WAVE, house.outbox(), cast.NOW)
    code = house.send("31")
    letter = house.box.messages[-1]
    assert (str(letter["To"]), str(letter["Subject"])) == (
        "max@example.com",
        "Lighthouse Trading: your new survey code",
    )
    assert "Dear Max," in plain(letter)
    assert "please answer once only" in plain(letter)
    assert "In-Reply-To" not in letter
    looked = rounds.look(house.engine, code)
    assert isinstance(looked, Good)
    assert looked.unit == "SOUTH"
    assert house.pools()["SOUTH"] == (2, 1, 1)
    assert house.send("DI@Example.com ") != code
    assert "Di 님, 안녕하십니까." in plain(house.box.messages[-1])
    assert house.pools()["NORTH"] == (2, 1, 1)
    assert isinstance(rounds.answer(house.engine, rounds.sent(code)), Accepted)
    assert rounds.look(house.engine, code) == Spent(WAVE)


def test_who_got_a_spare_is_written_nowhere(house: Spares) -> None:
    """The log names wave, unit and count; no row of a person changes; the drawn code lies in no table and no file."""
    with house.engine.connect() as connection:
        before = [connection.execute(text(f"SELECT * FROM {table}")).all() for table in ("person", "invitation")]  # noqa: S608 - our names
    code = house.send("11")
    with house.engine.connect() as connection:
        after = [connection.execute(text(f"SELECT * FROM {table}")).all() for table in ("person", "invitation")]  # noqa: S608 - our names
    assert before == after
    assert code.encode() not in tables(house.engine)
    with reading(house.engine) as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.act, entry.facts) == ("spare code drawn", {"wave": WAVE, "unit": "NORTH", "count": "1"})


def test_a_letter_that_is_refused_draws_nothing(house: Spares) -> None:
    """After a refusal, or without a server, the pool is as it was, and nothing is counted or logged."""
    before = house.pools()
    house.box.refuses["di@example.com"] = "550 no such user"
    with pytest.raises(Refused, match="550: no such user"):
        house.send("11")
    with pytest.raises(Refused, match="cannot be used now"):
        spares.send_spare(house.engine, WAVE, "11", outbox(house.home, 1), cast.NOW)
    assert house.pools() == before
    with reading(house.engine) as session:
        assert "spare code drawn" not in session.scalars(select(AuditEntry.act)).all()


def test_a_letter_of_which_nobody_knows_whether_it_arrived_counts_as_drawn(house: Spares) -> None:
    """A server that leaves while it takes the letter may have sent it: the gate counts one person fewer."""
    house.box.dies_after = 0
    with pytest.raises(Refused, match="nobody knows whether it arrived"):
        house.send("11")
    assert house.pools()["NORTH"] == (2, 1, 1)


def test_a_drawing_that_was_killed_is_counted_at_the_close(house: Spares) -> None:
    """A code that left the pool without a word may have gone out: it counts as drawn."""
    spares._take(house.engine, WAVE, "NORTH", cast.NOW)
    assert house.pools()["NORTH"] == (2, 0, 1)
    rounds.close(house.engine)
    assert house.pools()["NORTH"] == (2, 1, 0)


def test_an_empty_pool_says_so(house: Spares) -> None:
    """After the last spare of a group no more can be drawn, however often one asks."""
    assert len({house.send("11"), house.send("12")}) == 2
    with pytest.raises(Refused, match="All spare codes of this group have been drawn"):
        house.send("13")
    assert house.pools()["NORTH"] == (2, 2, 0)


@pytest.mark.parametrize("who", ["", "4711", "eve@example.com", "%"])
def test_who_is_not_in_the_frozen_roster_gets_none(house: Spares, who: str) -> None:
    """Strangers, newcomers and misspelt numbers are refused."""
    with pytest.raises(Refused, match=r"not in the roster|stands in the roster"):
        house.send(who)


def test_who_left_gets_none(house: Spares) -> None:
    """People who left after the opening draw no spare."""
    with writing(house.engine) as session:
        gone = update(Person).where(Person.name == "Di").values(email=None, unit_code=None, left_on=cast.TODAY)
        session.execute(gone)
    with pytest.raises(Refused, match=r"not in the roster|stands in the roster"):
        house.send("11")


def test_people_without_email_draw_a_slip(house: Spares) -> None:
    """Without an address the code is printed; with one it goes there, and is never shown."""
    house.without_email("Di")
    with pytest.raises(Refused, match="print the spare code instead"):
        house.send("11")
    sheet = spares.print_spare(house.engine, WAVE, "11", lambda drawn: drawn, cast.NOW)
    assert (sheet.unit, sheet.unit_names["en"], len(sheet.codes)) == ("NORTH", "Sales North", 1)
    assert isinstance(rounds.look(house.engine, sheet.codes[0]), Good)
    with pytest.raises(Refused, match="the spare code goes there"):
        spares.print_spare(house.engine, WAVE, "12", lambda drawn: drawn, cast.NOW)
    assert house.pools()["NORTH"] == (2, 1, 1)


@pytest.mark.parametrize("failure", [Refused("No memory."), OSError(28, "full"), KeyboardInterrupt()], ids=repr)
def test_a_slip_that_cannot_be_made_draws_nothing(house: Spares, failure: BaseException) -> None:
    """The code goes back into the pool, nothing is logged, and the next slip is made and counted."""
    house.without_email("Di")
    before = house.pools()
    seen: list[str] = []

    def fail(drawn: CodeSheet) -> None:
        seen.extend(drawn.codes)
        raise failure

    for _ in range(3):  # the pool has two
        with pytest.raises(type(failure)):
            spares.print_spare(house.engine, WAVE, "11", fail, cast.NOW)
    assert (len(seen), house.pools()) == (3, before)
    assert isinstance(rounds.look(house.engine, seen[0]), Good)
    with reading(house.engine) as session:
        assert "spare code drawn" not in session.scalars(select(AuditEntry.act)).all()
    assert len(spares.print_spare(house.engine, WAVE, "11", lambda drawn: drawn, cast.NOW).codes) == 1
    assert house.pools()["NORTH"] == (2, 1, 1)


def test_a_slip_that_fails_after_the_close_leaves_no_code(house: Spares) -> None:
    """Whoever closes while it is printed has counted the code as drawn; it does not come back."""
    house.without_email("Di")

    def close(_drawn: CodeSheet) -> None:
        rounds.close(house.engine)
        raise Refused("No memory.")

    with pytest.raises(Refused, match=r"No memory\."):
        spares.print_spare(house.engine, WAVE, "11", close, cast.NOW)
    assert house.pools()["NORTH"] == (2, 1, 0)


def test_the_close_voids_what_was_not_drawn_and_tells_the_count(house: Spares) -> None:
    """After the close there is no spare; the company's count is in the log and on the wave, no person's."""
    house.send("11")
    rounds.close(house.engine)
    with reading(house.engine) as session:
        assert session.scalar(select(func.count()).select_from(Spare)) == 0
        assert spares.drawing(session, waves.wave(session, WAVE)) == Drawing(1, SPARES)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "wave closed")).one()
    assert entry.facts == {"wave": WAVE, "spares": str(SPARES), "spares_drawn": "1"}
    with pytest.raises(Refused, match="takes no answers now"):
        house.send("11")


def test_after_the_end_no_spare_is_drawn(house: Spares) -> None:
    """A code that could not be used any more is not handed out."""
    with pytest.raises(Refused, match="takes no answers now"):
        spares.send_spare(house.engine, WAVE, "11", house.outbox(), rounds.CLOSES)


@pytest.mark.parametrize("drawn", [False, True])
def test_who_answers_twice_makes_her_group_no_larger(house: Spares, drawn: bool) -> None:  # noqa: FBT001 - a case
    """A team of five in which four people give five answers, one with a spare, is not shown; five people's are."""
    spare = house.send("31") if drawn else ""
    for name, code in house.codes.items():
        used = spare if drawn and name == "Qin" else code
        assert isinstance(rounds.answer(house.engine, rounds.sent(used)), Accepted)
    rounds.close(house.engine)
    with writing(house.engine) as session:
        shown = publication.publish(session, WAVE, rounds.OVER)
        counts = responses.counts(session, waves.wave(session, WAVE))
    assert counts["SOUTH"] == 5
    assert isinstance(shown.unit("SOUTH").figures, Released) is not drawn


@time_machine.travel(cast.NOW.replace(tzinfo=dt.UTC))
def test_a_spare_is_drawn_from_the_command_line(house: Spares, environment: dict[str, str], tmp_path: Path) -> None:
    """By letter, or printed for a person without e-mail; the command never says the code."""
    house.without_email("Di")

    def survey(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, ["--lang", "en", "draw-spare", "--wave", WAVE, *words], env=environment)
        assert result.exit_code == code, result.output
        return result.output

    slip = tmp_path / "slip.pdf"
    assert "print the spare code instead" in survey("--number", "11", code=1)
    assert "cannot be used" in survey("--number", "11", "--print", str(tmp_path / "none" / "slip.pdf"), code=2)
    with no_file_beyond(4 << 20), pytest.MonkeyPatch.context() as patch:
        patch.setattr("survey.cli.spares.print_codes", lambda *_words: bytes(5 << 20))
        assert "slip.pdf cannot be used (File too large)" in survey("--number", "11", "--print", str(slip), code=2)
    assert (slip.exists(), house.pools()["NORTH"]) == (False, (2, 0, 2))
    assert "Hand it over folded" in survey("--number", "11", "--print", str(slip))
    assert slip.read_bytes().startswith(b"%PDF-")
    said = survey("--number", "12")
    assert said == "A spare code is on its way to 12.\n"
    (letter,) = (house.home / "letters").glob("*.eml")
    assert b"To: eun@example.com" in letter.read_bytes()
    assert house.pools()["NORTH"] == (2, 2, 0)

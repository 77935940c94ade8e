"""What people and clocks do: they come, go, move and are erased; units merge; time jumps; processes end."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Final, NamedTuple, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from survey.database import reading
from survey.services.publication import publication
from survey.services.roster import erasing, persons
from survey.services.waves import upkeep
from survey.services.waves.upkeep import Tick
from tests.fuzz import promises
from tests.fuzz.model import SECOND, Model, Round
from tests.fuzz.world import World

T = TypeVar("T")
PICK: Final = st.integers(0, 40)
"""Which of those that there are."""
JUMPS: Final = (
    *(dt.timedelta(minutes=4), dt.timedelta(minutes=16), dt.timedelta(hours=5), dt.timedelta(hours=30)),
    *(dt.timedelta(hours=49), dt.timedelta(days=3), dt.timedelta(days=5), dt.timedelta(days=14)),
    *(dt.timedelta(days=81), dt.timedelta(days=400), dt.timedelta(hours=-2), dt.timedelta(days=-30)),
)
"""How far the clock goes at a time, backward too."""
FEWEST: Final = 12
"""People: a company below would only refuse."""


class Place(NamedTuple):
    """Where a life begins: an empty database at the newest revision, a home with its secret, and how both go."""

    url: str
    home: Path
    leave: Callable[[], None]


class Due(NamedTuple):
    """What a tick has to do."""

    closes: Round | None
    deletes: list[Round]


class Living(RuleBasedStateMachine):
    """A company, its clock and its machine."""

    begin: ClassVar[Callable[[], Place]]

    def __init__(self) -> None:
        super().__init__()
        self.places = [type(self).begin()]
        self.world = World(self.places[0].url, self.places[0].home)

    def teardown(self) -> None:
        """Let the database go."""
        self.world.close()
        for place in self.places:
            place.leave()

    @property
    def model(self) -> Model:
        """What must be so."""
        return self.world.model

    @staticmethod
    def pick(among: list[T], place: int) -> T:
        """Return one of several."""
        return among[place % len(among)]

    # ---- people ------------------------------------------------------------------------------------------------------

    @rule(gone=PICK, to=PICK, count=st.integers(1, 4), email=st.booleans())
    def the_roster_changes(self, gone: int, to: int, count: int, email: bool) -> None:  # noqa: FBT001 - drawn
        """Some come, some go, some are elsewhere; the roster is imported again."""
        units = sorted(self.model.parents)
        for place in range(count):
            self.model.join(self.pick(units, to + place), email=email)
            followers = sorted(number for number, each in self.model.people.items() if not each.leads)
            if len(followers) > FEWEST:
                del self.model.people[self.pick(followers, gone + place)]
            mover = self.pick([each for each in followers if each in self.model.people], gone + 7 * place)
            self.model.people[mover] = replace(self.model.people[mover], unit=self.pick(units, to + place + 1))
        self.world.bring_in()

    @rule(one=PICK, other=PICK, how=st.sampled_from(("merge", "split", "rename", "hang")))
    def units_change(self, one: int, other: int, how: str) -> None:
        """Units merge, split, get another name, hang elsewhere."""
        leaves, parents = self.model.leaves(), self.model.parents
        unit, beside = self.pick(leaves, one), self.pick(sorted(parents), other)
        if how == "merge" and unit != beside and len(leaves) > 2:
            self.model.merge(unit, beside)
        elif how == "split" and len(leaves) < 9:
            self.model.split(unit, f"N{len(self.model.names)}{one}")
        elif how == "hang" and beside not in self.model.below(unit):
            parents[unit] = beside
        self.model.names[unit] = f"이름 {one}"
        self.world.bring_in()

    @rule(who=PICK)
    def somebody_is_erased(self, who: int) -> None:
        """Her row loses what names her; what was frozen and counted stays."""
        number = self.pick(sorted(self.model.people), who)
        with reading(self.world.engine) as session:
            person = persons.id_of(session, number)
        assert person is not None
        assert self.world.tries(lambda: self._erase(person, number + "x"), expected=False) is None
        self.world.tries(lambda: self._erase(person, number), expected=True)
        name = self.model.people.pop(number).name
        assert not [
            row for row in self.world.rows("person", "number", "name", "email") if row[0] == number or row[1] == name
        ]
        for wave in self.model.rounds.values():
            wave.erased |= {number} if number in wave.places else set()

    def _erase(self, person: int, typed: str) -> object:
        return erasing.erase(self.world.engine, self.world.home, person, typed, self.world.now)

    # ---- time and machines -------------------------------------------------------------------------------------------

    @rule(jump=st.sampled_from(JUMPS), ticks=st.booleans())
    def the_clock_jumps(self, jump: dt.timedelta, ticks: bool) -> None:  # noqa: FBT001 - drawn
        """Time passes, or is set back; what is due is done, or not yet."""
        self.model.now += jump
        if ticks:
            self.what_is_due_is_done()

    @rule()
    def what_is_due_is_done(self) -> None:
        """A tick closes what is over and deletes what was promised to be deleted."""
        self.world.fail_at = 0
        self.ticked(self.expect(), upkeep.tick(self.world.engine, self.world.home, self.model.now))

    def expect(self) -> "Due":
        """Return what a tick has to do now."""
        here, now = self.model.open, self.model.now
        due = [wave for wave in self.model.rounds.values() if wave.due(now)]
        return Due(here if here is not None and now >= here.by_itself else None, due)

    def ticked(self, due: "Due", done: Tick) -> None:
        """A tick did what was due, and nothing else."""
        now = self.model.now
        assert done.closed == (due.closes.code if due.closes else "")
        assert set(done.deleted) == {wave.code for wave in due.deletes if wave.has_due(now)}
        assert done.broken == ()
        if due.closes:
            self.over(due.closes)
        for wave in due.deletes:
            wave.deleted = True
        promises.keys_are_gone_after_a_tick(self.world)

    def over(self, wave: Round) -> None:
        """A wave is closed."""
        wave.end(min(wave.closes_at, max(self.model.now, wave.opens_at + SECOND)))

    @rule(statement=st.integers(1, 25))
    def the_next_transaction_fails_first(self, statement: int) -> None:
        """The next transaction ends at one of its statements, and has to be done again."""
        self.world.fail_at = statement

    @rule()
    def the_process_restarts(self) -> None:
        """What is shown is the same before and after, and so is all that is kept."""
        before, kept = self._shown(), self.world.digests()
        self.world.restart()
        assert self._shown() == before
        assert self.world.digests() == kept

    def _shown(self) -> list[object]:
        with reading(self.world.engine) as session:
            return [publication.results(each) for each in publication.publications(session)]

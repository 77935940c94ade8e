"""What else HR does: waves are rehearsed, small units joined into groups, answers from elsewhere brought in."""

import csv
import datetime as dt
import io
from random import Random
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from survey.database import reading
from survey.instruments.answers import encode
from survey.instruments.load import builtin
from survey.services.publication import imported
from survey.services.publication.imported import Upload
from survey.services.roster import persons
from survey.services.waves import joins, opening, rehearsal
from survey.services.waves.joining import join_code
from survey.services.waves.wave_plans import WaveDraft
from tests.fuzz.asked import NONE, Asked
from tests.fuzz.living import PICK
from tests.fuzz.model import WEEK, Round
from tests.fuzz.promises import frozen, ids

ITEMS: Final = tuple(item.id for item in builtin().asked())
STYLES: Final = st.sampled_from(("all sorts", "all sorts", "sevens", "ones", "few"))
FEW: Final = 4
MOST_REHEARSALS: Final = 3
MOST_IMPORTED: Final = 2
DAY: Final = dt.timedelta(days=1)


def drawn(draw: Random, style: str) -> dict[str, int | None]:
    """Return somebody's answers."""
    if style == "sevens":
        return dict.fromkeys(ITEMS, 7)
    if style == "ones":
        return dict.fromkeys(ITEMS, 1)
    given: dict[str, int | None] = {item: min(7, max(1, round(draw.gauss(4.3, 1.6)))) for item in ITEMS}
    if style == "few":
        given |= dict.fromkeys(draw.sample(ITEMS, FEW))
    return given


class Tried(Asked):
    """Rehearsals, joined groups, imported waves."""

    # ---- rehearsals --------------------------------------------------------------------------------------------------

    def rehearsed(self) -> Round:
        """The rehearsal that was planned last and is not open yet."""
        mine = [each for each in self.model.rounds.values() if each.rehearsal and each.state == "draft"]
        return mine[-1] if mine else NONE

    @rule(days=st.sampled_from((0, 1, 3, 7, 8)))
    def a_rehearsal_is_planned(self, days: int) -> None:
        """Of a planned wave, for a week at most."""
        of, now = self.planned(), self.model.now
        before = [each for each in self.model.rounds.values() if each.rehearsal]
        if len(before) >= MOST_REHEARSALS:
            return  # more of the same
        may = of.state == "draft" and 1 <= days <= WEEK.days
        made = self.world.do(lambda session: rehearsal.plan(session, of.code, now, days=days).code, expected=may)
        if made is not None:
            assert made.startswith(f"{of.code}-rehearsal")
            ends = now + dt.timedelta(days=days)
            self.model.rounds[made] = Round(
                made, now, ends, of.k, of.detail_k, 1, sealed=False, strict=False, rehearsal=True
            )

    @rule(who=st.lists(PICK, min_size=1, max_size=12))
    def people_are_chosen_for_it(self, who: list[int]) -> None:
        """By number; whoever has no address cannot take part, and nobody joins once it is open."""
        tried, everybody = self.rehearsed(), sorted(self.model.people)
        numbers = {self.pick(everybody, place) for place in who}
        with reading(self.world.engine) as session:
            people = [found for number in sorted(numbers) if (found := persons.id_of(session, number)) is not None]
        assert len(people) == len(numbers)
        may = tried is not NONE
        self.world.do(lambda session: rehearsal.choose(session, tried.code, people), expected=may)
        if may:
            tried.chosen |= {number for number in numbers if self.model.people[number].email}

    @rule()
    def a_rehearsal_is_opened(self) -> None:
        """Whatever wave was open lately; who was chosen and is still there gets a code, all of them at the company."""
        tried, home, now = self.rehearsed(), self.world.home, self.model.now
        may = self.model.may_open(tried)
        self.world.do(lambda session: opening.open_wave(session, tried.code, now, home), expected=may)
        if may:
            tried.state, tried.opens_at = "open", now
            self.note(tried)
            assert set(tried.parents.values()) == {None}

    @rule()
    def a_rehearsal_is_thrown_away(self) -> None:
        """Before it is opened."""
        tried = self.rehearsed()
        self.world.do(
            lambda session: rehearsal.discard(session, tried.code, self.model.now), expected=tried is not NONE
        )
        self.model.rounds.pop(tried.code, None)

    # ---- joined groups -----------------------------------------------------------------------------------------------

    @rule(under=PICK, most=st.integers(1, 3), names=st.booleans())
    def units_are_joined(self, under: int, most: int, names: bool) -> None:  # noqa: FBT001 - drawn
        """Small units side by side become one group of a plan, where it would have enough people."""
        wave, now = self.planned(), self.model.now
        leaves = self.model.leaves()
        parent = self.model.parents[self.pick(leaves, under)]
        members = [each for each in leaves if self.model.parents[each] == parent][: most + 1]
        named = {"ko": f"{'·'.join(members)} 함께", "en": "Together"} if names else {"ko": "함께", "en": " "}
        may = wave.state == "draft" and names and self.model.fits([*wave.joins, members], wave.k)
        self.world.do(lambda session: joins.join(session, wave.code, members, named, now), expected=may)
        if may:
            wave.joins.append(members)

    @rule(which=PICK)
    def a_group_is_undone(self, which: int) -> None:
        """As long as the wave is a plan."""
        wave, now = self.planned(), self.model.now
        group = self.pick(wave.joins or [["NORTH", "SOUTH"]], which)
        may = wave.state == "draft" and bool(wave.joins)
        self.world.do(lambda session: joins.unjoin(session, wave.code, join_code(group), now), expected=may)
        if may:
            wave.joins.remove(group)

    # ---- answers from elsewhere --------------------------------------------------------------------------------------

    @rule(
        people=st.integers(4, 40), units=st.integers(1, 5), seed=st.integers(0, 9), style=STYLES,
        ago=st.integers(0, 400), months=st.sampled_from((0, 1, 24)), tree=st.booleans(),
    )  # fmt: skip
    def answers_come_from_elsewhere(  # noqa: PLR0913, PLR0917 - drawn one by one
        self,
        people: int,
        units: int,
        seed: int,
        style: str,
        ago: int,
        months: int,
        tree: bool,  # noqa: FBT001 - drawn
    ) -> None:
        """A whole file or nothing of it: a wave of its own kind, without people, codes, receipts or participation."""
        code = f"E{sum(each.imported for each in self.model.rounds.values()) + 1}"
        if code > f"E{MOST_IMPORTED}":
            return  # more of the same
        draw, now = Random(seed), self.model.now  # noqa: S311 - drawn answers are no secret
        places = sorted(self.model.parents) if tree else [f"X{number}" for number in range(units)]
        said = [(self.pick(places, draw.randrange(units)), drawn(draw, style)) for _ in range(people)]
        plan = WaveDraft(code=code, opens_at=now - (ago + 1) * DAY, closes_at=now - ago * DAY, retention_months=months)
        upload = Upload(_answers(said), units=self._tree() if tree else None)
        made = self.world.do(lambda session: imported.import_answers(session, plan, upload, now), expected=months > 0)
        if made is None:
            return
        begun = 12 * (now.year - plan.closes_at.year) + now.month - plan.closes_at.month + 1
        wave = self.model.rounds[code] = Round(
            code, plan.opens_at, plan.closes_at, plan.k, plan.detail_k, months + begun, sealed=False, strict=False,
            state="closed", imported=True,
        )  # fmt: skip
        key = ids(self.world)[code]
        units_there = self.world.rows("wave_unit", "wave_id", "code", "parent_code")
        wave.parents = {unit: above for of, unit, above in units_there if of == key}
        for number, (unit, given) in enumerate(said):
            at = unit if unit not in wave.parents.values() else f"{unit}+"
            wave.places[f"{code} {number}"] = at
            wave.kept[f"{code} {number}"] = (f"{code} {number}", at, encode(builtin().items, given), "")
        wave.frozen = frozen(self.world, wave)

    def _tree(self) -> bytes:
        rows = [f"{code},{parent},{code} 팀" for code, parent in self.model.parents.items()]
        return "\n".join(["code,parent,name", *rows]).encode()


def _answers(said: list[tuple[str, dict[str, int | None]]]) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("unit", *ITEMS))
    for unit, given in said:
        rows.writerow((unit, *("" if given[item] is None else given[item] for item in ITEMS)))
    return text.getvalue().encode()

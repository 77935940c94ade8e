"""What HR does: waves are planned, foreseen, opened, extended, closed; letters, reminders, spares and slips go out."""

import datetime as dt
from typing import Final, Literal

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from survey.database import reading
from survey.models import Person, RosterEntry, Spare, Wave, WaveUnit
from survey.services.invitations import codes, invitations, issue_key, leftovers, reminders, spares
from survey.services.waves import closing, extension, foresight, opening, wave_plans, waves
from survey.services.waves.wave_plans import WaveDraft
from tests.fuzz.living import PICK, Living
from tests.fuzz.model import KEY_LIVES, Code, Round
from tests.fuzz.promises import frozen

NONE: Final = Round("none", dt.datetime.min, dt.datetime.max, 5, 10, 1, sealed=False, strict=False, state="none")  # noqa: DTZ901 - naive, as all times are
"""Stands for a wave that there is not."""


class Asked(Living):
    """Waves as HR has them."""

    def planned(self) -> Round:
        """The wave that was planned last."""
        return (self._real() or [NONE])[-1]

    def _real(self) -> list[Round]:
        return [each for each in self.model.rounds.values() if not each.rehearsal and not each.imported]

    def newest(self) -> Round:
        """What people are asked, or will be, or were last: a rehearsal only as long as it is open."""
        here = self.model.open
        return here if here is not None and here.rehearsal else self.planned()

    @rule(
        sealed=st.booleans(),
        strict=st.booleans(),
        k=st.sampled_from((5, 5, 5, 7)),
        days=st.sampled_from((3, 14)),
        months=st.sampled_from((1, 24)),
    )
    def a_wave_is_planned(self, sealed: bool, strict: bool, k: int, days: int, months: int) -> None:  # noqa: FBT001 - drawn
        """One plan at a time; a second one of the same name is refused."""
        newest, now = self.planned(), self.model.now
        again = newest.state == "draft"
        code = newest.code if again else f"W{len(self._real()) + 1}"
        made = Round(code, now, now + dt.timedelta(days=days), k, 2 * k, months, sealed=sealed, strict=strict)
        plan = WaveDraft(
            code=code, opens_at=now, closes_at=made.closes_at, k=k, detail_k=2 * k, retention_months=months,
            sealed=sealed, strict=strict,
        )  # fmt: skip
        self.world.do(lambda session: wave_plans.draft(session, plan, now), expected=not again)
        if not again:
            self.model.rounds[code] = made

    @rule()
    def a_wave_is_thrown_away(self) -> None:
        """A plan can be thrown away, what was opened cannot."""
        newest = self.planned()
        planned = newest.state == "draft"
        self.world.do(lambda session: wave_plans.discard(session, newest.code, self.model.now), expected=planned)
        if planned:
            del self.model.rounds[newest.code]

    @rule()
    def a_wave_is_foreseen(self) -> None:
        """To look ahead changes nothing."""
        newest, kept = self.planned(), self.world.digests()
        if newest.state == "draft" and not newest.foreseen and self.model.fits(newest.joins, newest.k):
            newest.foreseen = True  # once each: it takes half a second
            with reading(self.world.engine) as session:
                assert foresight.foreseen(session, waves.wave(session, newest.code)).places
            assert self.world.digests() == kept

    @rule()
    def a_wave_is_opened(self) -> None:
        """It opens where the model says so; from then on nothing of what is promised changes."""
        newest, home, now = self.planned(), self.world.home, self.model.now
        may = self.model.may_open(newest)
        self.world.do(lambda session: opening.open_wave(session, newest.code, now, home), expected=may)
        if may:
            newest.state, newest.opens_at = "open", now
            self.note(newest)
            assert newest.places.keys() == self.model.people.keys()
            assert min(list(newest.places.values()).count(unit) for unit in newest.places.values()) >= newest.k
            self._are_joined(newest)

    def _are_joined(self, wave: Round) -> None:
        """Joining makes coarser: of a group's units none is left, and its people count at one place."""
        for group in wave.joins:
            assert not wave.parents.keys() & set(group)
            people = [each for each in self.model.people.values() if each.unit in group and not each.leads]
            assert len({wave.places[each.number] for each in people}) == 1

    def note(self, wave: Round) -> None:
        """Remember what was frozen, and every code."""
        key = issue_key.read(self.world.home, wave.code)
        with reading(self.world.engine) as session:
            number = session.scalars(select(Wave.id).where(Wave.code == wave.code)).one()
            people = select(Person.number, Person.id, RosterEntry.report_unit).join(
                RosterEntry, RosterEntry.person_id == Person.id
            )
            entries = session.execute(people.where(RosterEntry.wave_id == number)).all()
            tree = session.execute(select(WaveUnit.code, WaveUnit.parent_code).where(WaveUnit.wave_id == number)).all()
            pool = session.execute(select(Spare.code, Spare.report_unit).where(Spare.wave_id == number)).all()
        wave.parents, wave.pool = {row[0]: row[1] for row in tree}, {row[0]: row[1] for row in pool}
        wave.places = {str(person): unit for person, _, unit in entries}
        if wave.rehearsal:
            assert wave.places.keys() == {each for each in wave.chosen if each in self.model.people}
        for person, place, unit in entries:
            code = codes.code_for(key, wave.code, place)
            self.model.codes[code], wave.held[str(person)] = Code(wave.code, unit, str(person)), code
        self.model.codes |= {code: Code(wave.code, unit, "") for code, unit in wave.pool.items()}
        wave.spares = len(wave.pool)
        wave.unspent = {code for code, made in self.model.codes.items() if made.wave == wave.code}
        wave.frozen = frozen(self.world, wave)

    @rule()
    def letters_are_sent(self) -> None:
        """Each goes to somebody of the frozen roster, once."""
        wave, before = self.newest(), len(self.world.post.letters)
        world = self.world
        done = world.tries(lambda: invitations.send_letters(world.engine, wave.code, world.outbox, self.model.now))
        new = [letter.to for letter in world.post.letters[before:]]
        if done is None:
            assert wave.state != "open" or not issue_key.exists(world.home, wave.code)
        assert len(set(new)) == len(new)
        assert not set(new) & wave.lettered
        people = [self.model.people[each] for each in wave.places if each in self.model.people]
        languages = {each.address: each.language for each in people}
        assert set(new) <= languages.keys()
        assert all(f'lang="{languages[each.to]}"' in each.html for each in world.post.letters[before:])
        wave.lettered |= set(new)

    @rule()
    def people_are_reminded(self) -> None:
        """Twice at most, and never whoever has left."""
        wave, world, before = self.newest(), self.world, len(self.world.post.letters)
        may = wave.state == "open" and self.model.now < wave.closes_at
        world.tries(
            lambda: reminders.send_reminders(world.engine, wave.code, world.outbox, self.model.now),
            expected=None if may else False,
        )
        new = [letter.to for letter in world.post.letters[before:]]
        wave.reminded.update(new)
        assert all(count <= 2 for count in wave.reminded.values())
        assert set(new) <= {each.address for each in self.model.people.values()}

    @rule(who=PICK)
    def a_spare_code_is_drawn(self, who: int) -> None:
        """Whoever lost her letter gets one of her unit's pool, as long as there are any."""
        wave, world, now = self.newest(), self.world, self.model.now
        number = self.pick(sorted(self.model.people), who)
        one, unit = self.model.people[number], wave.places.get(number)
        pool = {code for code, place in wave.pool.items() if place == unit}
        may = wave.state == "open" and now < wave.closes_at and bool(pool)
        if one.email:
            world.tries(lambda: self._send_spare(wave.code, number), expected=may)
            found = codes.read(world.post.letters[-1].plain.split("#")[1][:19]) if may else None
        else:
            sheet = world.tries(
                lambda: spares.print_spare(world.engine, wave.code, number, lambda made: made, now), expected=may
            )
            found = sheet.codes[0] if sheet else None
        if may:
            assert found in pool
            del wave.pool[str(found)]
            self.model.codes[str(found)] = Code(wave.code, str(unit), number)
            wave.drawn.append(str(found))

    def _send_spare(self, wave: str, number: str) -> Literal[True]:
        spares.send_spare(self.world.engine, wave, number, self.world.outbox, self.model.now)
        return True

    @rule(which=PICK)
    def slips_are_printed(self, which: int) -> None:
        """A unit's people without an address get their own codes, shuffled."""
        wave, now = self.newest(), self.model.now
        unit = self.pick(sorted(set(wave.places.values())) or ["CO"], which)
        people = [each for each in self._by_slip(wave) if wave.places[each] == unit]
        key = issue_key.exists(self.world.home, wave.code) and now - wave.opens_at < KEY_LIVES
        sheet = self.world.do(
            lambda session: invitations.codes_for_unit(session, wave.code, unit, self.world.home, now),
            expected=wave.state == "open" and bool(people) and key,
        )
        if sheet is not None:
            assert sorted(sheet.codes) == sorted(wave.held[each] for each in people)

    def _by_slip(self, wave: Round) -> list[str]:
        return [each for each in wave.places if each in self.model.people and not self.model.people[each].email]

    @rule(which=PICK, count=st.integers(1, 3))
    def slips_are_handed_in(self, which: int, count: int) -> None:
        """Leftovers are void; nobody learns which of them had been used."""
        wave, now = self.newest(), self.model.now
        unit = self.pick(sorted(set(wave.places.values())) or ["CO"], which)
        people = [each for each in self._by_slip(wave) if wave.places[each] == unit]
        typed = [wave.held[each] for each in people[:count]] or ["0" * 16]
        may = wave.state == "open" and bool(people) and len(typed) + wave.slips[unit] <= len(people)
        act = leftovers.Act(wave.code, now)
        self.world.do(
            lambda session: leftovers.void(session, self.world.home, unit, "\n".join(typed), act), expected=may
        )
        if may:
            gone = wave.unspent & set(typed)
            wave.unspent -= gone
            wave.voided += len(gone)
            wave.slips[unit if len(people) >= leftovers.FEWEST else ""] += len(typed)

    @rule(days=st.sampled_from((-1, 0, 2, 14, 15)))
    def a_wave_is_extended(self, days: int) -> None:
        """Once, by two weeks at most."""
        wave = self.newest()
        end = (wave.closes_at if wave is not NONE else self.model.now) + dt.timedelta(days=days)
        may = self.model.may_extend(wave, end)
        self.world.do(lambda session: extension.extend(session, wave.code, end, self.model.now), expected=may)
        if may:
            wave.closes_at, wave.extended = end, True

    @rule(early=st.booleans())
    def a_wave_is_closed(self, early: bool) -> None:  # noqa: FBT001 - drawn
        """When its time is over, or when HR says so."""
        wave = self.newest()
        may = self.model.may_close(wave, early=early)
        self.world.do(lambda session: closing.close(session, wave.code, self.model.now, early=early), expected=may)
        if may:
            self.over(wave)

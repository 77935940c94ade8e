"""What people say, and what is told of it: answers, unsealing, publication, second cuts, errata, withdrawal."""

import datetime as dt
from random import Random
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from sqlalchemy.orm import Session

from survey.database import writing
from survey.i18n import Refused
from survey.instruments.answers import encode
from survey.instruments.comments import LONGEST, clean
from survey.instruments.load import builtin
from survey.services.invitations import codes
from survey.services.publication import notices, publication, second_cuts
from survey.services.responses import responses
from survey.services.responses.replies import Accepted, AlreadyCounted, Reply, Sent
from survey.services.sealing import unsealing
from survey.services.sealing.key_text import text_of
from survey.services.waves.asking import asked_now
from tests.fuzz import promises, shown
from tests.fuzz.asked import NONE
from tests.fuzz.carried import Carried
from tests.fuzz.living import PICK
from tests.fuzz.model import WEEK, Expected, Round
from tests.fuzz.tried import ITEMS, STYLES, drawn
from tests.fuzz.world import ANSWERING

NOBODYS: Final = "Z" * 16
MOST_CUTS: Final = 2
THREE: Final = dt.timedelta(days=3)
Saying = tuple[dict[str, int | None], str]
"""Answers and a comment."""
UNFIT: Final = ({"play": 8}, {"play": 0}, {"nothing": 3}, {"comment": 4})


def _receipt(draw: Random) -> str:
    return codes.spell(draw.getrandbits(80), codes.LENGTH)


class Life(Carried):
    """Everything."""

    @initialize(
        seeds=st.lists(st.integers(0, 99), max_size=16),
        sealed=st.booleans(),
        strict=st.booleans(),
        k=st.sampled_from((5, 5, 7)),
        months=st.sampled_from((1, 24)),
    )
    def life_has_gone_on(self, seeds: list[int], sealed: bool, strict: bool, k: int, months: int) -> None:  # noqa: FBT001 - drawn
        """A company is somewhere between its first plan and its third wave."""
        self.a_wave_is_planned(sealed, strict, k, 14, months)
        for seed in seeds:
            self.life_goes_on(seed)
            self.the_promises_hold()

    # ---- answers -----------------------------------------------------------------------------------------------------

    @rule(share=st.sampled_from((0.4, 0.9, 1.0)), seed=st.integers(0, 9), style=STYLES)
    def many_answer(self, share: float, seed: int, style: str) -> None:
        """Many of those who have not answered do."""
        wave, draw, kept = self.newest(), Random(seed), self.world.digests()  # noqa: S311 - drawn answers are no secret
        for number in sorted(wave.held):
            if draw.random() < share and wave.held[number] in wave.unspent:
                self._send(wave.held[number], _receipt(draw), (drawn(draw, style), style))
        after = self.world.digests()
        assert {name for name in after if after[name] != kept[name]} <= ANSWERING

    @rule(
        who=PICK,
        which=st.sampled_from(("own", "own", "spare", "older", "nobody's")),
        receipt=st.sampled_from(("new", "new", "seen", "none")),
        opened=st.sampled_from((None, -20, 0)),
        seed=st.integers(0, 9),
        unfit=st.sampled_from((None, None, None, *range(len(UNFIT)))),
        comment=st.sampled_from(("", "할 말", "=1+1\n<b>", "x" * 2001)),
    )
    def somebody_answers(  # noqa: PLR0913, PLR0917 - drawn one by one
        self, who: int, which: str, receipt: str, opened: int | None, seed: int, unfit: int | None, comment: str
    ) -> None:
        """Once, twice, too late, with a code of another wave, with a receipt seen before, with what is no answer."""
        draw = Random(seed)  # noqa: S311 - drawn answers are no secret
        code = self._code(who, which)
        seen = [each for wave in self.model.rounds.values() for each in wave.receipts]
        typed = self.pick(seen, who) if receipt == "seen" and seen else "" if receipt == "none" else _receipt(draw)
        given = drawn(draw, "few") | (UNFIT[unfit] if unfit is not None else {})
        wave, kept = self.newest(), self.world.digests()
        page = None if opened is None or wave is NONE else wave.closes_at + dt.timedelta(minutes=opened)
        told = self._send(code, typed, (given, comment), page)
        after = self.world.digests()
        changed = {name for name in after if after[name] != kept[name]}
        assert changed == (ANSWERING if told == "Accepted" else set()), changed

    def _code(self, who: int, which: str) -> str:
        wave = self.newest()
        mine = [wave.held[number] for number in sorted(wave.held)]
        older = [code for each in list(self.model.rounds.values())[:-1] for _, code in sorted(each.held.items())]
        among = {"own": mine, "spare": wave.drawn, "older": older}.get(which, [])
        return self.pick(among, who) if among else NOBODYS

    def _send(self, code: str, receipt: str, said: Saying, opened: dt.datetime | None = None) -> Expected:
        given, comment = said
        fit = set(given) <= set(ITEMS) and len(comment) <= LONGEST and not {0, 8} & set(given.values())
        told = self.model.answered(code, receipt, opened, fit=fit)
        form = Sent(codes.grouped(code), codes.grouped(receipt), given, comment, opened)
        if self.world.fail_at:
            self.world.try_in_vain(lambda session: self._accept(session, form), self.world.digests())
        try:
            with writing(self.world.engine) as session:
                reply = self._accept(session, form)
        except Refused:
            assert told == "Refused"
        else:
            assert type(reply).__name__ == told
            self._thanked(code, reply, said, receipt)
        return told

    def _accept(self, session: Session, form: Sent) -> Reply:
        return responses.accept(session, asked_now(session, locked=True), form, self.model.now)

    def _thanked(self, code: str, reply: Reply, said: Saying, receipt: str) -> None:
        if isinstance(reply, AlreadyCounted):
            assert (reply.wave, reply.receipt) == (self.model.counted_in(receipt), receipt)
        if isinstance(reply, Accepted):
            wave, made = self.model.rounds[reply.wave], self.model.codes[code]
            assert reply.receipt not in wave.kept
            assert reply.receipt == receipt or not receipt or receipt in wave.kept
            wave.unspent.remove(code)
            wave.kept[reply.receipt] = (made.person, made.unit, encode(builtin().items, said[0]), clean(said[1]))

    # ---- what is told ------------------------------------------------------------------------------------------------

    @rule(right=st.booleans(), which=st.integers(0, 1))
    def a_wave_is_unsealed(self, right: bool, which: int) -> None:  # noqa: FBT001 - drawn
        """Any keyholder's key opens a closed wave, once; no other key does."""
        wave, now = self.newest(), self.model.now
        key = text_of(self.world.keys[which] if right else self.world.stranger).encode()
        may = right and wave.is_sealed and wave.state == "closed" and not wave.deleted
        self.world.do(lambda session: unsealing.unseal(session, wave.code, key, now), expected=may)
        if may:
            wave.unsealed = True

    @rule()
    def a_wave_is_published(self) -> None:
        """Once, after the close, where nobody can be given away."""
        self._publish(self.newest())

    @rule(which=PICK)
    def an_older_one_is_published(self, which: int) -> None:
        """A wave that was forgotten, or answers from elsewhere; a rehearsal never."""
        self._publish(self.pick(list(self.model.rounds.values()) or [NONE], which))

    def _publish(self, wave: Round) -> None:
        now = self.model.now
        may = wave.state == "closed" and (not wave.is_sealed or wave.deleted) and not wave.rehearsal
        may = may and bool(wave.kept or not wave.imported)  # without an answer nobody knows what was asked elsewhere
        found = self.world.do(lambda session: publication.publish(session, wave.code, now), expected=may)
        if found is not None:
            wave.state = "published"
            promises.results_appear_once(self.world)
            shown.nobody_is_given_away(self.world)
            shown.leaders_see_their_own(self.world)
            shown.groups_are_large_enough(self.world)

    @rule(which=PICK, groups=st.integers(1, 3), shift=PICK)
    def a_second_cut_is_made(self, which: int, groups: int, shift: int) -> None:
        """A published wave's units are grouped in another way; all cuts together give nobody away."""
        told = [each for each in self.model.rounds.values() if each.state == "published"]
        if not told or sum(" cut " in each for each in self.world.publications) >= MOST_CUTS:
            return  # they take long
        wave = self.pick(told, which)
        leaves = sorted(set(wave.places.values()))
        rows = [f"{unit},G{(place + shift) % groups}" for place, unit in enumerate(leaves) if (place + shift) % 4]
        name = f"cut{sum(each.startswith(f'{wave.code} cut') for each in self.world.publications)}"
        cut = second_cuts.Grouping(name, "\n".join(["unit,group", *rows]).encode(), "cut.csv")
        may = not wave.withdrawn and not wave.deleted and bool(wave.kept) and bool(rows)
        self.world.do(lambda session: second_cuts.make(session, wave.code, cut, self.model.now), expected=may)
        if may:
            promises.results_appear_once(self.world)
            shown.nobody_is_given_away(self.world)

    @rule(which=PICK, kind=st.sampled_from(("erratum", "erratum", "withdrawal")))
    def something_is_said_of_results(self, which: int, kind: str) -> None:
        """Results get an erratum, or are withdrawn; their numbers stay what they were."""
        wave = self.pick(list(self.model.rounds.values()) or [NONE], which)
        texts = {"ko": f"바로잡습니다 {which}", "en": f"Corrected {which}"}
        may = wave.state == "published" and not wave.withdrawn
        said: notices.Kind = "withdrawal" if kind == "withdrawal" else "erratum"
        self.world.do(lambda session: notices.say(session, wave.code, said, texts, self.model.now), expected=may)
        wave.withdrawn = wave.withdrawn or (may and kind == "withdrawal")

    @rule(seed=st.integers(0, 99))
    def life_goes_on(self, seed: int) -> None:
        """What comes next by itself comes next, so that lives do not end at their plans."""
        wave = self.newest()
        if wave.state == "draft":
            self._goes_on_with_a_plan(wave, seed)
        elif wave.state == "open" and not wave.lettered:
            self.letters_are_sent()
        elif wave.state == "open" and not wave.reminded and self.model.now + THREE < wave.closes_at:
            self.model.now += THREE
            self.people_are_reminded()
        elif wave.state == "open" and not wave.kept:
            self.many_answer(0.8, seed, "all sorts")
        elif wave.state == "open":
            self.model.now = max(self.model.now, wave.closes_at) + dt.timedelta(minutes=15)
            self.what_is_due_is_done()
        elif wave.state == "closed":
            self.a_wave_is_unsealed(True, 0)
            self.a_wave_is_published()
        elif wave is not NONE and seed % 3 == 1 and not wave.withdrawn:
            self.something_is_said_of_results(list(self.model.rounds).index(wave.code), "withdrawal")
        else:
            begun = [each.opens_at for each in self.model.rounds.values()]
            self.model.now = max([self.model.now, *begun]) + dt.timedelta(days=81)
            self.a_wave_is_planned(False, False, 5, 14, 1 + len(begun) % 2)

    def _goes_on_with_a_plan(self, wave: Round, seed: int) -> None:
        if self.model.now >= wave.closes_at:
            self.a_wave_is_thrown_away()
            self.a_wave_is_planned(False, False, 5, 14, 24)
        elif not self.model.fits(wave.joins, wave.k):
            self.a_group_is_undone(seed)
        elif seed % 5 == 1 and self.rehearsed().state == "none":
            self.a_rehearsal_is_planned(1 + seed % WEEK.days)
            self.people_are_chosen_for_it([seed, seed + 3, seed + 4, seed + 9])
            self.a_rehearsal_is_opened()
        elif seed % 5 == 2 and not wave.joins:
            self.units_are_joined(seed, 2, True)
        else:
            self.a_wave_is_opened()

    @invariant()
    def the_promises_hold(self) -> None:
        """Every promise that can be seen in the database, after every step."""
        with self.world.looking():
            for promise in promises.EVERY_STEP:
                promise(self.world)

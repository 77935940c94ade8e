import datetime as dt
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import Token, Wave
from survey.models.responses import Intake
from survey.services.responses import responses
from survey.services.responses.replies import Accepted, AlreadyCounted, Closed, OtherWave, Sent, Spent, Unknown
from survey.services.waves import waves
from tests import cast
from tests.services import rounds
from tests.services.rounds import OVER

WHO = st.integers(0, len(cast.MEMBERS) - 1)


class Life(RuleBasedStateMachine):
    """An installation in which anything that can be asked is asked, in any order; beside it, what must be true."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        shutil.copyfile(self.template, self.home / "survey.db")
        self.engine = open_engine(f"sqlite:///{self.home / 'survey.db'}")
        with writing(self.engine) as session:
            cast.load(session)
        self.codes: dict[str, list[str]] = {}
        """The codes of each wave that was opened."""
        self.open = ""
        self.forms: dict[str, list[Sent]] = {}
        """What was accepted in each wave."""
        self.spent = set[str]()

    def teardown(self) -> None:
        """Close the database and clean up."""
        self.engine.dispose()
        shutil.rmtree(self.home)

    @rule()
    def open_a_wave(self) -> None:
        """A wave opens unless another one is open."""
        name = f"w{len(self.codes)}"
        wave = rounds.plan_later(name, len(self.codes))
        if self.open:
            with pytest.raises(Refused, match="one wave is open at a time"):
                rounds.open_next(self.engine, self.home, wave)
            return
        self.codes[name] = list(rounds.open_next(self.engine, self.home, wave).values())
        self.forms[name] = []
        self.open = name

    @precondition(lambda self: self.codes)
    @rule(wave=st.integers(0, 5), who=WHO)
    def answer_with_any_code(self, wave: int, who: int) -> None:
        """A code is good once, in its own wave, while that is open."""
        name = list(self.codes)[wave % len(self.codes)]
        form = rounds.sent(self.codes[name][who])
        outcome = rounds.answer(self.engine, form)
        if name != self.open:
            assert isinstance(outcome, OtherWave if self.open else Closed)
        elif form.code in self.spent:
            assert outcome == Spent(name)
        else:
            assert outcome == Accepted(name, form.receipt)
            self.forms[name].append(form)
            self.spent.add(form.code)

    @precondition(lambda self: any(self.forms.values()))
    @rule(which=st.integers(0, 1000))
    def click_again(self, which: int) -> None:
        """Whatever was accepted once is thanked for again, however much later."""
        kept = [(name, form) for name, forms in self.forms.items() for form in forms]
        name, form = kept[which % len(kept)]
        assert rounds.answer(self.engine, form) == AlreadyCounted(name, form.receipt)

    @rule(typed=st.text(max_size=20))
    def type_anything(self, typed: str) -> None:
        """Whatever is typed that is no code is unknown, and harmless."""
        assert rounds.answer(self.engine, rounds.sent(typed)) == Unknown()

    @rule()
    def close_the_wave(self) -> None:
        """What is open can be closed when its time is over; nothing else can."""
        if self.open:
            rounds.close(self.engine, OVER + len(self.codes) * dt.timedelta(days=91), self.open)
            self.open = ""
        for name in self.codes.keys() - {self.open}:
            with pytest.raises(Refused, match="not open"):
                rounds.close(self.engine, wave=name)

    @invariant()
    def every_answer_counts_exactly_once(self) -> None:
        """Arrivals, responses, receipts and unspent codes always add up."""
        with reading(self.engine) as session:
            arrived = session.scalar(select(func.count()).select_from(Intake))
            unspent = session.scalar(select(func.count()).select_from(Token))
            assert arrived == len(self.forms.get(self.open, ()))
            assert unspent == (len(cast.MEMBERS) + rounds.SPARES - arrived if self.open else 0)
            for name, forms in self.forms.items():
                wave = waves.wave(session, name)
                kept = len(list(responses.answer_rows(session, wave)))
                assert kept == (0 if name == self.open else len(forms))
                assert all(responses.counted(session, form.receipt) == name for form in forms)
            with_pepper = session.scalars(select(Wave.code).where(Wave.pepper.is_not(None))).all()
            assert with_pepper == ([self.open] if self.open else [])


def test_whatever_happens_in_whatever_order_answers_count_exactly_once(sqlite_template: Path) -> None:
    """Opening, answering, clicking twice, mistyping and closing in any order never loses or doubles an answer."""

    class Here(Life):
        template = sqlite_template

    run_state_machine_as_test(Here, settings=settings(max_examples=12, stateful_step_count=25, deadline=None))

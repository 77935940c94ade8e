"""What a publication is made from: plain facts, without people, and no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from survey.instruments.answers import SKIPPED
from survey.privacy.policy import Policy
from survey.privacy.record import Origin, WaveFacts
from survey.privacy.register import Mark, Outcome, Over, OwnPractice
from survey.privacy.strict import Move
from survey.privacy.tree import Tree, TreeUnit
from survey.scoring.answers import AnswerTable


@dataclass(frozen=True)
class UnitFacts:
    """A unit of the frozen tree and what is known of it besides answers."""

    unit: TreeUnit
    invited: int = 0
    """People whose answers count at exactly this unit."""
    spares: int = 0
    """Spare codes drawn here: so many answers may come from people who had answered before."""
    languages: Mapping[str, int] = field(default_factory=dict)
    """People placed exactly here, by language of the roster."""
    adopted: Mapping[str, str] = field(default_factory=dict)
    """Practice id -> date since when."""
    moved: int | None = None
    """People who joined or left the unit or anything below it since the last wave; None where that is not known."""
    joined: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Where this is a joined group: the names of its units by language, by code."""
    marks: tuple[Mark, ...] = ()
    """What else happened here, by day."""
    over: Mapping[str, Over] = field(default_factory=dict)
    """Practices that were ended before the wave opened."""
    origin: Origin | None = None
    """Where its people worked in the wave before; None where that is not known."""
    crossed: int | None = None
    """People who are here now or were in `origin.unit` then, but not both; None where that is not known."""


@dataclass(frozen=True)
class WaveInputs:
    """A closed wave."""

    company: Mapping[str, str]
    unit_word: str
    wave: WaveFacts
    policy: Policy
    facts: tuple[UnitFacts, ...]
    table: AnswerTable
    """`table.units` holds positions in `facts`."""
    strict: bool = False
    """Whether a group below ten of whom one or two moved is told only together with others."""
    moves: tuple[Move, ...] | None = None
    """Who moved since the publication that changes are counted from; None where that is not known."""
    outcomes: tuple[Outcome, ...] = ()
    """What the company counts anyway of these units."""
    own_practices: tuple[OwnPractice, ...] = ()
    """What the company added to the library."""

    @property
    def strictly(self) -> bool:
        """Whether the rule of strict waves applies: it cannot where nobody knows who moved."""
        return self.strict and self.moves is not None

    @cached_property
    def tree(self) -> Tree:
        """The frozen tree; raises Refused where it is none."""
        return Tree(facts.unit for facts in self.facts)

    @cached_property
    def by_code(self) -> dict[str, UnitFacts]:
        """The facts of each unit."""
        return {facts.unit.code: facts for facts in self.facts}

    @cached_property
    def asked(self) -> frozenset[str]:
        """Ids of the items that were asked: of an imported wave those that anybody answered."""
        instrument = self.table.instrument
        if self.wave.kind == "native":
            return frozenset(item.id for item in instrument.asked(self.wave.practices))
        answered = (self.table.answers != SKIPPED).any(axis=0)
        return frozenset(item.id for item, any_one in zip(instrument.items, answered, strict=True) if any_one)

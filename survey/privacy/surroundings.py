"""What is told of every unit, shown or not: where it stands, how many were invited, what it has adopted."""

from dataclasses import dataclass

import numpy as np

from survey.privacy.gate import Gate
from survey.privacy.inputs import WaveInputs
from survey.privacy.participation import band, language_note
from survey.privacy.record import Detail, Rest, Sums, UnitFigures, UnitRecord
from survey.privacy.scored import Scored


@dataclass(frozen=True)
class Shown:
    """What a unit shows of its answers."""

    figures: UnitFigures | None
    detail: Detail | None
    rest: Rest | None


@dataclass(frozen=True)
class Surroundings:
    """Counts of the roster and of responses, rolled up the tree."""

    inputs: WaveInputs
    gate: Gate
    invited: dict[str, int]
    answered: dict[str, int]
    languages: dict[str, dict[str, int]]

    @classmethod
    def of(cls, inputs: WaveInputs, gate: Gate) -> "Surroundings":
        """Add up invited people, responses and roster languages; answers that were set aside took part too."""
        tree = inputs.tree
        responses = np.bincount(gate.places, minlength=len(tree)).tolist()
        languages = sorted({language for facts in inputs.facts for language in facts.languages})
        by_language = {
            language: tree.totals({facts.unit.code: facts.languages.get(language, 0) for facts in inputs.facts})
            for language in languages
        }
        return cls(
            inputs,
            gate,
            tree.totals({facts.unit.code: facts.invited for facts in inputs.facts}),
            tree.totals(dict(zip(tree.codes, responses, strict=True))),
            {code: {language: by_language[language][code] for language in languages} for code in tree.codes},
        )

    def unit(self, code: str, scored: Scored, shown: Shown) -> UnitRecord:
        """Put a unit's record together."""
        facts, tree = self.inputs.by_code[code], self.inputs.tree
        return UnitRecord(
            code=code,
            parent=facts.unit.parent,
            names=dict(facts.unit.names),
            kind=facts.unit.kind,
            leads=facts.unit.leads,
            depth=tree.depth(code),
            invited=self.invited[code],
            participation=band(self.answered[code], self.invited[code]),
            hidden=self.gate.hidden[code],
            detail_hidden=self.gate.detail_hidden[code],
            adopted=dict(facts.adopted),
            language_note=language_note(self.languages[code], self.languages[tree.root]),
            sums=None if shown.figures is None else _sums(scored, code),
            figures=shown.figures,
            detail=shown.detail,
            rest=shown.rest,
            origin=None if shown.figures is None else facts.origin,
            joined={code: dict(names) for code, names in facts.joined.items()},
            marks=list(facts.marks),
            over=dict(facts.over),
        )


def _sums(scored: Scored, code: str) -> Sums:
    moments = scored.moments[code]
    return Sums(moments.n, moments.totals.tolist())

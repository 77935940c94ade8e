"""Publications made by hand, unit by unit: for what is read from several waves together."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.instruments.load import builtin
from survey.privacy.figures import POINTS, Figure, NotEstimable, figure
from survey.privacy.record import (
    Detail,
    PolicyFacts,
    Quality,
    Record,
    Sums,
    UnitFigures,
    UnitRecord,
    WaveFacts,
)
from survey.privacy.register import Mark, Outcome
from survey.privacy.thaw import Publication, dump, thaw

QUARTER = dt.timedelta(days=91)
FIRST = dt.date(2026, 1, 5)
NOT_HERE = NotEstimable("Nobody answered.")


@dataclass(frozen=True)
class Team:
    """A team of one wave: its index, or None where it is not shown; ten people and more unless `details` is False."""

    index: float | None
    kind: str = "team"
    details: bool = True
    adopted: Mapping[str, str] = field(default_factory=dict)
    motives: Mapping[str, float] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    parent: str = "CO"


def opened(place: int) -> dt.date:
    """The first day of a wave."""
    return FIRST + place * QUARTER


def closed(place: int) -> dt.date:
    """The last day of a wave."""
    return opened(place) + dt.timedelta(days=11)


def wave(
    place: int,
    teams: Mapping[str, Team],
    before: Publication | None = None,
    outcomes: tuple[Outcome, ...] = (),
    practices: tuple[str, ...] = (),
) -> Publication:
    """Return the publication of the wave number `place`."""
    units = [_unit("CO", Team(0.0, kind="company", parent="")), *(_unit(code, team) for code, team in teams.items())]
    return thaw(
        *dump(
            Record(
                format=1,
                company={"ko": "등대상사", "en": "Lighthouse"},
                unit_word="team",
                wave=WaveFacts(f"W{place + 1}", "native", opened(place).isoformat(), closed(place).isoformat(),
                               list(practices), "0" * 64, demo=False),
                policy=PolicyFacts(5, 10),
                instrument=builtin().to_json(),
                columns=[],
                units=units,
                within_variance={},
                reliability=[],
                link=NOT_HERE,
                quality=Quality(0, 0, 0, 0, NOT_HERE),
                previous="" if before is None else before.digest,
                previous_wave="" if before is None else before.wave.code,
                outcomes=list(outcomes),
            )
        )
    )  # fmt: skip


def _unit(code: str, team: Team) -> UnitRecord:
    shown = team.index is not None
    details = shown and team.details
    return UnitRecord(
        code=code,
        parent=team.parent or None,
        names={"ko": f"{code} 팀", "en": f"Team {code}"},
        kind=team.kind,
        leads=code.endswith("+"),
        depth=1 if team.parent else 0,
        invited=12,
        participation="",
        hidden=None if shown else "small",
        detail_hidden=None if details else "small",
        adopted=dict(team.adopted),
        language_note=False,
        sums=Sums(12, []) if shown else None,
        figures=None if team.index is None else _figures(team.index, team.motives),
        detail=Detail({}, None, "cannot tell yet", 0.0, None) if details else None,
        marks=list(team.marks),
    )


def _figures(index: float, motives: Mapping[str, float]) -> UnitFigures:
    scales = {motive.id: Figure(4.0, "4.00") for motive in builtin().motives}
    scales |= {motive: Figure(value, f"{value:.2f}") for motive, value in motives.items()}
    told = figure(index, POINTS, (index - 8, index + 8))
    return UnitFigures(12, told, told, scales, NOT_HERE, "", "", NOT_HERE, None, {}, {})

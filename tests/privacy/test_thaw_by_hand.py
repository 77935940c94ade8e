"""What a publication shows of units made by hand: gates, names, marks, and what a withdrawal takes back."""

import msgspec
import pytest

from survey.instruments.practices import library
from survey.privacy.evidence import Evidence
from survey.privacy.figures import Figure
from survey.privacy.notices import NOTHING, WITHDRAWN_BEFORE, Afterwards, Erratum
from survey.privacy.record import (
    Change,
    Column,
    Detail,
    Link,
    Origin,
    Quality,
    Record,
    Reliability,
    Rest,
    UnitRecord,
)
from survey.privacy.register import Mark, Outcome, OwnPractice
from survey.privacy.released import Released, Suppressed
from survey.privacy.thaw import Publication, dump, read, thaw
from tests.privacy.waves_by_hand import Team, wave

MARK = Mark("2026-01-20", "tool", "Chat")
ORIGIN = Origin(80, "A", 90)
CHANGE = Change("W1", Figure(1.0, "+1.0"), "higher", 0.01, Figure(1.0, "1.0"), Figure(1.0, "1.0"))
WITHDRAWN = Afterwards(withdrawn=("W1",))


def record() -> Record:
    """The record of a second wave: A has changed, B shows no details, C nothing, D is said to show what it lacks."""
    first = wave(0, {"A": Team(3.0)})
    teams = {"A": Team(4.0, marks=(MARK,)), "B": Team(5.0, details=False), "C": Team(None), "D": Team(6.0)}
    made = read(*wave(1, teams, first).frozen())
    detail = Detail({}, None, "cannot tell yet", 0.0, CHANGE, "", {"play": CHANGE}, CHANGE)
    joined = {"A1": {"en": "One", "ko": ""}, "A0": {}}
    root, a, b, c, d = made.units
    units = [
        root,
        msgspec.structs.replace(a, detail=detail, origin=ORIGIN, joined=joined),
        b,
        c,
        msgspec.structs.replace(d, figures=None, sums=None, detail=None, names={"fr": "", "ko": ""}),
    ]
    return msgspec.structs.replace(made, units=units)


def published(afterwards: Afterwards = NOTHING) -> Publication:
    """The same, published."""
    return thaw(*dump(record()), afterwards)


def held(code: str) -> UnitRecord:
    """What the record holds of a unit."""
    return next(unit for unit in record().units if unit.code == code)


def test_what_is_hidden_says_why() -> None:
    """A unit shows what it is said to show; where it lacks that, it is small."""
    publication = published()
    told = {unit.code: (unit.figures, unit.sums, unit.detail) for unit in publication.units}
    small = Suppressed("small")
    assert told["C"] == told["D"] == (small, small, small)
    assert told["B"][2] == small
    for code in ("A", "B"):
        figures, sums, _ = told[code]
        assert isinstance(figures, Released)
        assert isinstance(sums, Released)
        assert (figures.value, sums.value) == (held(code).figures, held(code).sums)


def test_what_happened_stands_with_its_unit() -> None:
    """Origin, marks and the units of a joined group, and names that fall back to the code."""
    publication = published()
    unit = publication.unit("A")
    assert (unit.origin, unit.marks, unit.joined) == (ORIGIN, (MARK,), held("A").joined)
    assert unit.members("ko") == ["A0", "One"]
    assert (publication.unit("B").marks, publication.unit("B").origin) == ((), None)
    assert publication.unit("D").name("ko") == "D"


def test_what_changed_since_a_withdrawn_wave_is_not_told() -> None:
    """No change, of motives and against the origin neither, and a reason; all else stands, also in print."""
    plain, gone = published(), published(WITHDRAWN)
    before, after = plain.unit("A").detail, gone.unit("A").detail
    assert isinstance(before, Released)
    assert isinstance(after, Released)
    assert before.value == held("A").detail
    expected = msgspec.structs.replace(
        before.value, change=None, change_hidden=WITHDRAWN_BEFORE.text, motive_changes={}, origin_change=None
    )
    assert after.value == expected
    assert gone.afterwards == WITHDRAWN
    assert plain.afterwards == NOTHING
    again = plain.followed_by(WITHDRAWN).unit("A").detail
    assert isinstance(again, Released)
    assert again.value == expected
    other = published(Afterwards(withdrawn=("W0",))).unit("A").detail
    assert isinstance(other, Released)
    assert other.value == before.value


@pytest.mark.parametrize("errata", [(), (Erratum("2026-11-22", "틀렸습니다.", "Wrong."),)])
def test_errata_stand_with_the_publication(errata: tuple[Erratum, ...]) -> None:
    """They are told with it, and change what its print is called."""
    publication = published(Afterwards(errata))
    assert publication.errata == errata
    assert (publication.told_digest == publication.digest) is (errata == ())


def test_publications_that_say_the_same_are_the_same() -> None:
    """Whatever was said of one since makes it another; nothing else is one."""
    plain, said = published(), published(Afterwards((Erratum("2026-11-22", "틀렸습니다.", "Wrong."),)))
    assert plain == published() != said
    assert plain != plain.told_digest
    assert (hash(plain), hash(said)) == (hash(plain.told_digest), hash(said.told_digest))


def test_the_company_has_a_name_in_each_language() -> None:
    """In the reader's language, else in the other one."""
    publication = published()
    assert [publication.company_name(language) for language in ("ko", "en", "fr")] == [
        "등대상사", "Lighthouse", "Lighthouse",
    ]  # fmt: skip


def test_every_fact_of_the_company_comes_from_the_record() -> None:
    """What a publication says beside its units, released where it comes from answers."""
    number = Figure(0.3, "0.30")
    own = [OwnPractice(library()[1], retired=True), OwnPractice(library()[0])]
    made = msgspec.structs.replace(
        record(),
        columns=[Column("play", 2, 1, 7)],
        within_variance={"play": 1.5},
        reliability=[Reliability("play", "spearman-brown", number)],
        link=Link(number, number, number, 80, 4, "no difference shown"),
        quality=Quality(90, 80, 10, 0, number),
        evidence=Evidence(),
        outcomes=[Outcome("csat", {"en": "Satisfaction"}, "higher", "%", "2026-01-01")],
        own_practices=own,
    )
    publication = thaw(*dump(made))
    assert (publication.columns, publication.outcomes) == (tuple(made.columns), tuple(made.outcomes))
    assert publication.instrument.to_json() == made.instrument
    assert publication.reliability.value == tuple(made.reliability)
    assert publication.within_variance.value == made.within_variance
    assert (publication.link.value, publication.quality.value) == (made.link, made.quality)
    assert publication.evidence is not None
    assert publication.evidence.value == made.evidence
    assert published().evidence is None
    assert publication.own_practices == tuple(own)
    assert publication.practices == (*library(), library()[1], library()[0])
    assert publication.offered == (*library(), library()[0])
    assert (publication.root.code, [unit.code for unit in publication.groups]) == ("CO", ["A"])


def test_what_is_left_of_a_hidden_unit_is_hidden() -> None:
    """Hidden units below a shown one are told together; a record that held such a number of a hidden one shows none."""
    rest = Rest(7, ["A1"], Figure(1.0, "+1.0"), {})
    made = record()
    units = [msgspec.structs.replace(unit, rest=rest) if unit.code in ("A", "C") else unit for unit in made.units]
    publication = thaw(*dump(msgspec.structs.replace(made, units=units)))
    told = {unit.code: unit.rest for unit in publication.units}
    assert {code for code, each in told.items() if each is not None} == {"A"}
    assert told["A"] is not None
    assert told["A"].value == rest

"""A publication in pieces: what is read when, and what is refused where a piece was changed, lacks or is another's."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec
import pytest

from survey.i18n import Refused
from survey.privacy import cells, head
from survey.privacy.cells import Cells
from survey.privacy.notices import NOTHING
from survey.privacy.record import Record, Told
from survey.privacy.released import Released, Suppressed
from survey.privacy.thaw import CHANGED, LACKS, Publication, dump, read, thaw
from tests.privacy.waves_by_hand import Team, wave

TEAMS = {"A": Team(3.0), "B": Team(5.0), "C": Team(None), "D": Team(6.0)}


class Rows:
    """A source that gives what it has, and counts how often it was asked."""

    def __init__(self, rows: Mapping[str, bytes]) -> None:
        self.rows, self.asked, self.windows = rows, 0, list[list[str]]()

    def units(self, codes: Sequence[str]) -> Mapping[str, bytes | msgspec.Raw]:
        """Give the rows of these units."""
        self.asked += 1
        self.windows.append(list(codes))
        return {code: self.rows[code] for code in codes if code in self.rows}

    def document(self, codes: Collection[str] | None = None) -> bytes:
        """Give the rows of these units in one piece."""
        return b"".join(row for code, row in self.rows.items() if codes is None or code in codes)


@pytest.fixture(autouse=True)
def _nothing_was_read() -> Iterator[None]:
    """Begin and end as a process does that has just started."""
    cells._lately.clear()
    yield
    cells._lately.clear()


def record() -> Record:
    """The record of a wave in which C shows nothing."""
    return read(*wave(0, TEAMS).frozen())


def kept() -> tuple[head.Frame, dict[str, bytes]]:
    """Its frame, and its units' records by code."""
    data, digest, units = head.pieces(record())
    return head.frame(data, digest), {unit.code: made for unit, made in zip(record().units, units, strict=True)}


def test_what_is_asked_for_together_is_read_at_once() -> None:
    """Units nobody knows are left out; what was read is not asked for again."""
    frame, rows = kept()
    source = Rows(rows)
    publication = Publication(frame, source, NOTHING)
    assert publication.unread(["A", "nobody", "B", "A"]) == ["A", "B"]
    publication.read(["A", "nobody", "B"])
    assert (publication.unread(["A", "B"]), source.asked) == ([], 1)
    assert publication.unit("A").invited == next(unit.invited for unit in record().units if unit.code == "A")
    publication.read(["A"])
    assert source.asked == 1
    publication.take({"D": rows["D"]})
    assert (publication.unread(["D"]), source.asked) == ([], 1)


def test_the_tree_needs_no_reading() -> None:
    """Codes, groups and the company's own practices are in the head."""
    frame, _ = kept()
    source = Rows({})
    publication = Publication(frame, source, NOTHING)
    assert set(publication.codes) >= set(TEAMS)
    assert (publication.groups, publication.own_practices, source.asked) == ((), (), 0)


@pytest.mark.parametrize("lacking", ["A", "D"])
def test_a_unit_that_lacks_is_refused_in_words(lacking: str) -> None:
    """One by one and together."""
    frame, rows = kept()
    publication = Publication(frame, Rows({code: row for code, row in rows.items() if code != lacking}), NOTHING)
    with pytest.raises(Refused) as one:
        _ = publication.unit(lacking).invited
    with pytest.raises(Refused) as together:
        publication.read(["B", lacking])
    assert one.value.sentence == together.value.sentence == LACKS.fill(unit=lacking)


def test_a_hidden_unit_whose_row_lacks_is_hidden_still() -> None:
    """That it is hidden and why stands in the head, which was verified; whatever else is asked of it is refused."""
    frame, rows = kept()
    source = Rows({code: row for code, row in rows.items() if code != "C"})
    unit = Publication(frame, source, NOTHING).unit("C")
    assert (unit.hidden, unit.figures, unit.detail, source.asked) == (
        "small",
        Suppressed("small"),
        Suppressed("small"),
        0,
    )
    with pytest.raises(Refused) as refused:
        _ = unit.participation
    assert refused.value.sentence == LACKS.fill(unit="C")


@pytest.mark.parametrize("other", [b'{"code":"A"}', None])
def test_a_row_of_another_is_refused(other: bytes | None) -> None:
    """A changed row, and the row of another unit in its place."""
    frame, rows = kept()
    publication = Publication(frame, Rows({**rows, "A": other or rows["B"]}), NOTHING)
    with pytest.raises(Refused, match="changed after it was made"):
        publication.read(["A"])


def test_a_document_of_some_units_shows_these() -> None:
    """What travels to the process that prints holds those above and below; the rest is said to lack."""
    publication = thaw(*dump(record()))
    part = thaw(*publication.frozen(["A", "nobody"]))
    shown, whole = part.unit("A").figures, publication.unit("A").figures
    assert isinstance(shown, Released)
    assert isinstance(whole, Released)
    assert shown.value == whole.value
    assert len(publication.frozen(["A"])[0]) < len(publication.frozen()[0])
    cells._lately.clear()
    with pytest.raises(Refused) as refused:
        _ = part.unit("B").invited
    assert refused.value.sentence.text == LACKS.text


def test_a_document_with_a_changed_unit_or_one_of_another_tree_is_refused() -> None:
    """Each byte of what travels is covered by the digest of the head."""
    publication = thaw(*dump(record()))
    data, digest = publication.frozen(["A"])
    for there, instead in ((b'"code":"A"', b'"code":"B"'), (b'"code":"A"', b'"code":"Z"')):
        place = data.rindex(there)
        with pytest.raises(Refused) as refused:
            thaw(data[:place] + instead + data[place + len(there) :], digest)
        assert refused.value.sentence.text == CHANGED.text


def test_a_whole_record_needs_every_unit() -> None:
    """A document of some units is no record."""
    publication = thaw(*dump(record()))
    with pytest.raises(Refused, match="changed after it was made"):
        read(*publication.frozen(["A"]))


def test_what_the_head_says_is_shown_must_be_there() -> None:
    """A head that promises figures which its unit's record lacks shows nothing of the unit, and says so."""
    made = record()
    empty = {unit.code: msgspec.json.encode(msgspec.structs.replace(unit, sums=None)) for unit in made.units}
    told = [msgspec.structs.replace(place, digest=head.digest_of(empty[place.code])) for place in kept()[0].places]
    forged = head.Head(format=2, tree=told, **{name: getattr(made, name) for name in Told.__struct_fields__})
    publication = Publication(head.Frame(forged, "0" * 64, in_pieces=True), Rows(empty), NOTHING)
    sums = publication.unit("A").sums
    assert isinstance(sums, Released)
    with pytest.raises(Refused) as refused:
        _ = sums.value
    assert refused.value.sentence == LACKS.fill(unit="A")


def test_a_later_value_needs_the_gate_as_well() -> None:
    """Nobody makes a value to be fetched by hand; one that the gate made shows as what it is."""
    publication = thaw(*dump(record()))
    figures = publication.unit("A").figures
    assert isinstance(figures, Released)
    assert repr(figures) == f"Released({figures.value!r})"
    with pytest.raises(TypeError, match=r"^only survey\.privacy can release a value: read it from a publication$"):
        type(figures)(figures.value, gate=object())


def test_a_tree_is_read_ahead_as_somebody_walks_through_it() -> None:
    """Going through it unit by unit asks seldom, and jumping about reads one at a time."""
    frame, rows = kept()
    source = Rows(rows)
    walker = Cells(frame, source)
    for place in frame.places:
        walker.of(place)
    assert source.asked < len(frame.places)


def test_each_reading_is_twice_as_far_as_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the root on two, then four, never more than so many; one alone where somebody goes back or far away."""
    monkeypatch.setattr(cells, "FURTHEST", 6)
    codes = [f"U{number:02}" for number in range(40)]
    made = record()
    units = {code: msgspec.json.encode(msgspec.structs.replace(made.units[1], code=code)) for code in codes}
    tree = [head.Place(code, None, {}, 1, head.digest_of(units[code])) for code in codes]
    told = {name: getattr(made, name) for name in Told.__struct_fields__}
    source = Rows(units)
    walker = Cells(head.Frame(head.Head(format=2, tree=tree, **told), "0" * 64, in_pieces=True), source)
    for number in (0, 1, 2, 6, 11, 12, 24, 25, 32, 35, 20, 21, 29):
        assert walker.of(walker.frame.places[number]).code == codes[number]
    assert [(int(window[0][1:]), len(window)) for window in source.windows] == [
        *((0, 2), (2, 4), (6, 6), (12, 6)),
        *((24, 1), (25, 2), (32, 4)),
        *((20, 1), (21, 2), (29, 1)),
    ]

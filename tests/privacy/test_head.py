"""The head of a publication, in pieces and as versions before 0.5 kept it: what it says of units, what it refuses."""

from collections.abc import Callable

import msgspec
import pytest

from survey.i18n import Refused
from survey.privacy import head
from survey.privacy.head import CHANGED, Frame
from survey.privacy.record import Record, Told, UnitRecord
from survey.privacy.released import Released, Suppressed
from survey.privacy.thaw import read, thaw
from tests.privacy.records import older
from tests.privacy.waves_by_hand import Team, wave

TEAMS = {
    "A": Team(3.0, kind="division"),
    "A+": Team(4.0, parent="A"),
    "A1": Team(5.0, parent="A", details=False),
    "B": Team(None, kind="shop"),
}
JOINED = {"B1": {"en": "One", "ko": "하나"}, "B2": {}}


def record() -> Record:
    """The record of a wave in which A1 shows no details, and B, joined of two units, nothing."""
    made = read(*wave(0, TEAMS).frozen())
    *others, last = made.units
    return msgspec.structs.replace(made, units=[*others, msgspec.structs.replace(last, joined=JOINED)])


def in_pieces(made: Record) -> Frame:
    """The frame of its head."""
    kept, digest, _ = head.pieces(made)
    return head.frame(kept, digest)


def in_one(made: Record) -> Frame:
    """The frame of the same record as versions before 0.5 kept it."""
    return head.frame(*older(made))


@pytest.fixture(params=[in_pieces, in_one])
def framed(request: pytest.FixtureRequest) -> Callable[[Record], Frame]:
    """Both ways in which a publication is kept."""
    way: Callable[[Record], Frame] = request.param
    return way


def written(unit: UnitRecord) -> bytes:
    """A unit's record as it is kept."""
    return msgspec.json.encode(unit, order="deterministic")


def test_the_tree_says_of_each_unit_what_its_record_says(framed: Callable[[Record], Frame]) -> None:
    """Code, place, names, kind, why it is hidden, the units of a group, and the digest of the record."""
    made = record()
    frame = framed(made)
    assert frame.head == Told(**{name: getattr(made, name) for name in Told.__struct_fields__})
    for place, unit in zip(frame.places, made.units, strict=True):
        said = [getattr(place, name) for name in place.__struct_fields__]
        assert said == [
            *(unit.code, unit.parent, unit.names, unit.depth, head.digest_of(written(unit)), unit.kind, unit.leads),
            *(unit.hidden, unit.detail_hidden, unit.joined),
        ]
    assert [place.code for place in frame.places if place.leads] == ["A+"]
    assert [place.parent for place in frame.places] == [None, "CO", "A", "A", "CO"]
    assert (frame.groups, frame.path("A1")) == (("B",), ["CO", "A", "A1"])
    assert frame.children == {"CO": ("A", "B"), "A": ("A+", "A1"), "A+": (), "A1": (), "B": ()}


def test_a_frame_knows_how_it_is_kept() -> None:
    """In pieces, or whole; its digest is the one that is printed: of the head, or of the whole text."""
    made = record()
    kept, whole = head.pieces(made), older(made)
    assert (in_pieces(made).in_pieces, in_one(made).in_pieces) == (True, False)
    assert (in_pieces(made).digest, in_one(made).digest) == (kept[1], whole[1])
    assert (head.digest_of(kept[0]), head.digest_of(whole[0])) == (kept[1], whole[1])


@pytest.mark.parametrize("lacking", ["figures", "sums"])
def test_a_unit_needs_figures_and_sums(framed: Callable[[Record], Frame], lacking: str) -> None:
    """One that is said to be shown and lacks one of both is small; its details are another matter."""
    made = record()
    lame = [msgspec.structs.replace(unit, **{lacking: None}) for unit in made.units]
    assert {place.hidden for place in framed(msgspec.structs.replace(made, units=lame)).places} == {"small"}
    assert [place.detail_hidden for place in framed(msgspec.structs.replace(made, units=lame)).places] == [
        place.detail_hidden for place in framed(made).places
    ]
    bare = [msgspec.structs.replace(unit, detail=None) for unit in made.units]
    places = framed(msgspec.structs.replace(made, units=bare)).places
    assert {place.detail_hidden for place in places} == {"small"}
    assert [place.hidden for place in places] == [None, None, None, None, "small"]


def test_why_a_unit_is_hidden_stands_first(framed: Callable[[Record], Frame]) -> None:
    """What the record says, also of a unit that holds nothing."""
    made = record()
    units = [
        msgspec.structs.replace(unit, hidden="complementary", detail_hidden="complementary") for unit in made.units
    ]
    places = framed(msgspec.structs.replace(made, units=units)).places
    assert {(place.hidden, place.detail_hidden) for place in places} == {("complementary", "complementary")}


@pytest.mark.parametrize("kept", [lambda made: head.pieces(made)[:2], older])
def test_a_head_with_another_byte_is_refused(kept: Callable[[Record], tuple[bytes, str]]) -> None:
    """In words, whichever way it is kept."""
    data, digest = kept(record())
    with pytest.raises(Refused) as refused:
        head.frame(data.replace(b"Lighthouse", b"Lighthome", 1), digest)
    assert refused.value.sentence == CHANGED


def test_an_older_publication_shows_what_it_showed() -> None:
    """Every unit of a record that is kept whole says the same as in pieces, and it travels whole."""
    made = record()
    data, digest = older(made)
    publication = thaw(data, digest)
    assert read(data, digest) == made
    assert publication.frozen(["A1"]) == publication.frozen() == (data, digest)
    for unit in made.units:
        shown = publication.unit(unit.code)
        told = None if isinstance(shown.figures, Suppressed) else shown.figures.value
        assert (told, shown.invited) == (unit.figures, unit.invited)
    assert isinstance(publication.unit("A1").figures, Released)


def test_a_document_may_hold_no_unit() -> None:
    """A head alone comes apart as it was put together."""
    assert head.apart(head.together(b'{"format":2}', [])) == (b'{"format":2}', [])


@pytest.mark.parametrize("broken", [b"", b"[]", b'{"format":2,"units":[{"code":"A"', b'{"format":"2"}', b"[" * 100_000])
def test_a_document_that_breaks_off_was_changed(broken: bytes) -> None:
    """What is no publication at all is refused by the same sentence as one in which a byte is another."""
    for look in (read, thaw):
        with pytest.raises(Refused) as refused:
            look(broken, "0" * 64)
        assert refused.value.sentence == CHANGED


def test_a_unit_that_is_none_was_changed() -> None:
    """In a document with some of the units, one that says nothing of the kind is refused."""
    kept, digest, _ = head.pieces(record())
    with pytest.raises(Refused) as refused:
        thaw(head.together(kept, [b"[]"]), digest)
    assert refused.value.sentence == CHANGED

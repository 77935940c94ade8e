"""From the record of a second cut to what is shown."""

import hashlib

import msgspec
import pytest

from survey.i18n import Refused
from survey.privacy.cut_plan import CutPlan
from survey.privacy.cut_record import CutRecord, GroupRecord
from survey.privacy.cut_thaw import dump_cut, read_cut, thaw_cut
from survey.privacy.released import Released, Suppressed
from survey.privacy.second_cut import freeze_cut
from tests.privacy.companies import company
from tests.privacy.test_second_cut import BY_PLACE, PLACES, plan, told

PLAIN = ("code", "wave", "publication", "k", "colluders")


def record() -> CutRecord:
    """A second cut with a group that is shown and one that is not."""
    inputs = company(PLACES)
    groups = plan({**BY_PLACE, "East": "Ulsan"}, above={"Ulsan": "South", "Busan": "South"})
    made = freeze_cut(inputs, told(inputs), groups)
    assert {group.parent for group in made.groups} == {None, "South"}
    assert {group.hidden is None for group in made.groups} == {True, False}
    return msgspec.structs.replace(made, left_out=["North+"])


def test_how_units_were_grouped_is_read_back() -> None:
    """The plan of a second cut follows from its record, names and groups above included."""
    inputs = company(PLACES)
    groups = plan(BY_PLACE, above={"Busan": "All", "Seoul": "All"})
    assert CutPlan.of(freeze_cut(inputs, told(inputs), groups)) == groups


def test_every_fact_comes_from_the_record() -> None:
    """A second cut says what its record holds, field by field, and releases what is shown."""
    kept = record()
    data, digest = dump_cut(kept)
    thawed = thaw_cut(data, digest)
    assert [getattr(thawed, name) for name in PLAIN] == [getattr(kept, name) for name in PLAIN]
    assert (thawed.earlier, thawed.left_out, thawed.digest) == (tuple(kept.earlier), ("North+",), digest)
    for group, held in zip(thawed.groups, kept.groups, strict=True):
        assert (group.code, group.parent, group.names, group.depth) == (held.code, held.parent, held.names, held.depth)
        assert group.units == tuple(held.units)
        for name in ("figures", "sums"):
            value = getattr(group, name)
            if held.hidden is None:
                assert isinstance(value, Released)
                assert value.value == getattr(held, name)
            else:
                assert value == Suppressed(held.hidden)


def changed(**facts: object) -> tuple[GroupRecord, ...]:
    """The record's shown group with something else."""
    kept = record()
    shown = next(group for group in kept.groups if group.hidden is None)
    return (msgspec.structs.replace(shown, **facts),)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"hidden": "complementary"}, "complementary"),
        ({"figures": None}, "small"),
        ({"sums": None}, "small"),
    ],
)
def test_what_is_hidden_or_half_there_is_not_shown(facts: dict[str, object], reason: str) -> None:
    """A group that is said to be hidden, or lacks its sums or figures, shows neither."""
    odd = msgspec.structs.replace(record(), groups=list(changed(**facts)))
    (group,) = thaw_cut(*dump_cut(odd)).groups
    assert group.figures == group.sums == Suppressed(reason)  # type: ignore[arg-type] # drawn from strings


def test_a_changed_second_cut_is_not_shown() -> None:
    """One byte more, and it is refused in words."""
    data, digest = dump_cut(record())
    with pytest.raises(Refused, match=r"^This second cut was changed after it was made, so it is not shown\.$"):
        read_cut(data + b" ", digest)
    assert digest == hashlib.sha256(data).hexdigest()


def test_names_and_order() -> None:
    """A group is called by its other name, or its code, where a name is missing; names are written in one order."""
    thawed = thaw_cut(*dump_cut(msgspec.structs.replace(record(), groups=list(changed(names={"ko": "가", "en": "A"})))))
    (group,) = thawed.groups
    assert (group.name("ko"), group.name("en"), group.name("fr")) == ("가", "A", "A")
    bare = thaw_cut(*dump_cut(msgspec.structs.replace(record(), groups=list(changed(names={"ko": "", "en": ""})))))
    assert bare.groups[0].name("ko") == bare.groups[0].code
    orders = [list(changed(names=names)) for names in ({"ko": "가", "en": "A"}, {"en": "A", "ko": "가"})]
    one, other = (dump_cut(msgspec.structs.replace(record(), groups=groups)) for groups in orders)
    assert one == other

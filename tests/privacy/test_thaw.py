import ast
import copy
import hashlib

import msgspec
import pytest

from survey.i18n import Refused
from survey.privacy.record import Link, Record
from survey.privacy.released import Released, Suppressed
from survey.privacy.thaw import dump, read, thaw
from tests.house.source import place, python_files, tree
from tests.privacy.companies import company
from tests.privacy.records import older
from tests.sample import EXTREME, SMALL, sample_bytes, sample_publication, sample_record

GATE = {"Released", "release"}
PLAIN = (
    *("code", "parent", "names", "kind", "leads", "depth", "invited", "participation", "adopted"),
    "language_note",
)
GATED = ("figures", "detail", "sums", "rest")


def calls_of_the_gate(source: ast.Module) -> list[int]:
    """Lines on which something is released; the `release` of a lock is another word."""
    calls = [node for node in ast.walk(source) if isinstance(node, ast.Call)]
    named = [call for call in calls if getattr(call.func, "attr", getattr(call.func, "id", "")) in GATE]
    return [
        call.lineno
        for call in named
        if ast.unparse(call.func) in GATE or ast.unparse(call.func).endswith((".Released", "released.release"))
    ]


def test_only_the_gate_releases() -> None:
    """Nothing outside survey.privacy makes a Released value or even names its maker."""
    found = []
    for path in python_files("survey", "reports"):
        if "privacy" in path.parts:
            continue
        found += [place(path, line) for line in calls_of_the_gate(tree(path))]
        found += [
            place(path, node.lineno)
            for node in ast.walk(tree(path))
            if isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith("survey.privacy")
            and {"release", "_GATE"} & {name.name for name in node.names}
        ]
    assert found == []


def test_the_search_finds_what_it_looks_for() -> None:
    """The search above sees a call however it is written."""
    text = "Released(1, gate=None)\nreleased.release(2)\nRelease(3)\nmodule.Released(4)"
    assert calls_of_the_gate(ast.parse(text)) == [1, 2, 4]


def test_a_value_cannot_be_released_by_hand() -> None:
    """Without the gate's own key there is no Released value."""
    with pytest.raises(TypeError, match=r"^only survey\.privacy can release a value: read it from a publication$"):
        Released(1, gate=object())


def test_what_is_released_shows_itself() -> None:
    """A released value says what it is when looked at in a debugger."""
    assert repr(sample_publication().within_variance).startswith("Released({")


def test_a_changed_byte_is_noticed() -> None:
    """A record that was changed after publication is not shown."""
    data, digest = sample_bytes()
    with pytest.raises(Refused, match=r"^This publication was changed after it was made, so it is not shown\.$"):
        thaw(data.replace(b'"n":', b'"n": ', 1), digest)
    with pytest.raises(Refused, match="changed after it was made"):
        read(data, "0" * 64)


def test_there_and_back() -> None:
    """What is read back is what was frozen, and freezing it again gives the same bytes."""
    data, digest = sample_bytes()
    assert read(data, digest) == sample_record()
    assert dump(read(data, digest)) == sample_publication().frozen() == (data, digest)


def test_a_record_knows_every_field() -> None:
    """A record with a field that this version does not know is refused, not half understood."""
    plain = msgspec.json.decode(sample_bytes()[0])
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**copy.deepcopy(plain), "more": 1}, Record)


def test_what_a_publication_knows() -> None:
    """A publication tells everything about its wave, its company and its units."""
    publication = sample_publication()
    assert publication.wave.code == "2026-Q2"
    assert (publication.previous_wave, publication.previous_digest) == ("2026-Q1", sample_publication(False).digest)
    assert publication.policy.k == 5
    assert publication.unit_word == "team"
    assert publication.company_name("en") == "Hanbit Trading"
    assert publication.instrument.id == "total-motivation"
    assert publication.columns[0].scale == "play"
    assert publication.reliability.value
    assert isinstance(publication.link.value, Link)
    assert publication.quality.value.received > 0


def test_the_tree_of_a_publication() -> None:
    """Units can be walked: root, children, everything below, the path, the nearest shown unit above."""
    publication = sample_publication()
    assert publication.root.code == "HQ"
    assert [unit.code for unit in publication.children("HQ")] == ["A", "B", "C", "D", "HQ+"]
    below = [unit.code for unit in publication.below("A1")]
    assert below == ["A1", "A1-T1", "A1-T2", "A1-T3", "A1-T4", "A1-T5"]
    assert publication.below("HQ") == publication.units
    assert [unit.code for unit in publication.path(EXTREME)] == ["HQ", "A", "A1", EXTREME]
    above = publication.published_above(SMALL)
    assert above is not None
    assert isinstance(above.figures, Released)
    assert publication.published_above("HQ") is None
    assert EXTREME in publication
    assert "X" not in publication


def test_the_nearest_shown_unit_above() -> None:
    """Of all shown units above, the nearest one lends its numbers, also where it is the parent."""
    publication = thaw(*sample_bytes())
    for unit in publication.units:
        above = [each for each in publication.path(unit.code)[:-1] if isinstance(each.figures, Released)]
        assert publication.published_above(unit.code) is (above[-1] if above else None)
    parents = {unit.code: publication.published_above(unit.code) for unit in publication.units if unit.parent == "A"}
    assert {above.code for above in parents.values() if above} == {"A"}


def test_every_fact_of_a_unit_comes_from_the_record() -> None:
    """A published unit says what the record holds of it, field by field, and its parent finds it again."""
    publication = thaw(*sample_bytes())
    for kept, told in zip(sample_record().units, publication.units, strict=True):
        for name in PLAIN:
            assert getattr(told, name) == getattr(kept, name), name
        for name in GATED:
            value = getattr(told, name)
            held = None if value is None or isinstance(value, Suppressed) else value.value
            assert held == getattr(kept, name), name
        assert isinstance(told.figures, Suppressed) is (kept.hidden is not None)
        assert (told.rest is None) is (kept.rest is None)
        assert publication.children(told.code) == tuple(unit for unit in publication.units if unit.parent == told.code)


def test_the_company_is_called_by_its_name_in_each_language() -> None:
    """The name follows the language, and falls back to the other one."""
    publication = sample_publication()
    names = sample_record().company
    assert {language: publication.company_name(language) for language in names} == names
    assert len(set(names.values())) == 2
    assert publication.company_name("fr") in names.values()


def test_a_joined_group_names_its_units() -> None:
    """The units that were joined are named in the reader's language, else in the other one, else by their code."""
    record = sample_record()
    joined = {"B2": {"ko": "나", "en": ""}, "A1": {"ko": "가", "en": "One"}, "C3": {}}
    units = [msgspec.structs.replace(unit, joined=joined) if unit.code == "A" else unit for unit in record.units]
    unit = thaw(*dump(msgspec.structs.replace(record, units=units))).unit("A")
    assert unit.members("en") == ["One", "나", "C3"]
    assert unit.members("ko") == ["가", "나", "C3"]


def test_dictionaries_are_written_in_one_order() -> None:
    """The bytes do not depend on the order in which a dictionary was filled."""
    record = sample_record()
    turned = msgspec.structs.replace(
        record,
        company=dict(reversed(record.company.items())),
        within_variance=dict(reversed(record.within_variance.items())),
    )
    assert list(turned.company) != list(record.company)
    assert dump(turned) == dump(record)


def test_names() -> None:
    """A unit without a name in the language is called by its other name, or by its code."""
    unit = sample_publication().unit("A")
    assert (unit.name("ko"), unit.name("en"), unit.name("fr")) == ("영업본부", "Sales", "Sales")
    record = sample_record()
    bare = msgspec.structs.replace(
        record, company={}, units=[msgspec.structs.replace(each, names={}) for each in record.units]
    )
    publication = thaw(*dump(bare))
    assert publication.unit("A").name("ko") == "A"
    assert publication.company_name("ko") == ""


def test_what_is_hidden_stays_hidden() -> None:
    """A record that held figures of a hidden unit would still not show them."""
    record = sample_record()
    hidden = [
        msgspec.structs.replace(unit, hidden="complementary", detail_hidden="complementary") for unit in record.units
    ]
    for unit in thaw(*dump(msgspec.structs.replace(record, units=hidden))).units:
        assert unit.figures == unit.detail == unit.sums == Suppressed("complementary")


def test_a_record_without_figures_shows_none() -> None:
    """A unit that is said to be shown but holds nothing is suppressed."""
    record = sample_record()
    empty = [msgspec.structs.replace(unit, figures=None, detail=None, sums=None) for unit in record.units]
    for kept, unit in zip(empty, thaw(*dump(msgspec.structs.replace(record, units=empty))).units, strict=True):
        assert unit.figures == unit.sums == Suppressed(kept.hidden or "small")
        assert unit.detail == Suppressed(kept.detail_hidden or "small")
        assert unit.rest is None


def test_inputs_refuse_what_is_no_tree() -> None:
    """The units of a wave must be a tree."""
    with pytest.raises(Refused, match="Exactly one unit"):
        _ = company("A 5\nB 5").tree


def test_a_publication_travels_as_it_is_kept() -> None:
    """What goes to the printing process is the kept record, byte for byte, however an older version spelled it."""
    assert thaw(*sample_bytes()).frozen() == sample_bytes()
    spelled = msgspec.json.format(older(sample_record())[0], indent=1)
    digest = hashlib.sha256(spelled).hexdigest()
    assert thaw(spelled, digest).frozen() == (spelled, digest)

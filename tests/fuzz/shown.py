"""What is shown, held after every publication: it gives nobody away, and nobody sees more of it than she should."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from survey.database import reading
from survey.instruments.load import builtin
from survey.privacy.head import together
from survey.privacy.released import Released
from survey.scoring.answers import AnswerTable
from survey.services.accounts import accounts
from survey.services.publication import comments, publication
from tests import cast
from tests.fuzz.model import Round
from tests.fuzz.world import World
from tests.privacy.attack.attacking import attack
from tests.privacy.attack.cutting import read_cut
from tests.privacy.attack.examiner import Examiner
from tests.privacy.attack.published import Statement


def nobody_is_given_away(world: World) -> None:
    """All that was ever published, as one system, gives no sum of fewer than k people; nor do two readings of one wave.

    Where a backup was put back, what had been published since stays in people's heads and drawers.
    """
    told = [(world.publications, list(world.model.rounds.values())), *world.earlier]
    pairs = [(records, wave) for records, waves in told for wave in waves if wave.state == "published"]
    people = sorted({number for _, wave in pairs for number, *_ in wave.kept.values()})
    place = {number: at for at, number in enumerate(people)}
    published, cut, seen = [], list[Statement](), set[bytes]()
    for records, wave in pairs:
        if records[f"{wave.code} head"] in seen:
            continue
        record = _document(records, wave.code)
        seen.add(records[f"{wave.code} head"])
        published.append((record, _behind(wave, place)))
        columns = {each["scale"]: each["denominator"] for each in json.loads(record)["columns"]}
        cuts = [data for name, data in records.items() if name.startswith(f"{wave.code} cut ")]
        cut += [statement for data in cuts for statement in read_cut(data, columns)]
    assert attack(published, cut) == []


def _document(records: Mapping[str, bytes], wave: str) -> bytes:
    head = records[f"{wave} head"]
    return together(head, [records[f"{wave} {unit['code']}"] for unit in json.loads(head)["tree"]])


def _behind(wave: Round, place: dict[str, int]) -> Examiner:
    rows = [(place[number], unit) for number, unit, _, _ in wave.kept.values()]
    vectors = [vector for _, _, vector, _ in wave.kept.values()]
    return Examiner.behind(wave.code, wave.parents, rows, AnswerTable.of(builtin(), vectors, [0] * len(vectors)))


def leaders_see_their_own(world: World) -> None:
    """Of what is published a leader may see her unit and what lies below it, HR everything, others nothing."""
    with reading(world.engine) as session:
        kept = {name: accounts.known(session, f"{name.lower()}@example.com") for name in cast.ACCOUNTS}
        of = {name: accounts.value(session, each) for name, each in kept.items()}
        for told in publication.publications(session):
            parents = {unit.code: unit.parent for unit in told.units}
            joined = {unit.code: tuple(unit.joined) for unit in told.units if unit.joined}
            for name, (role, top) in cast.ACCOUNTS.items():
                mine = {
                    code
                    for code in parents
                    if role == "hr" or any(top in {each, *joined.get(each, ())} for each in _above(parents, code))
                }
                assert accounts.visible_units(of[name], parents, joined) == mine


def groups_are_large_enough(world: World) -> None:
    """No figure of fewer than k people, no detail of fewer than the second threshold, no comments of few people."""
    with reading(world.engine) as session:
        for told in publication.publications(session):
            wave = world.model.rounds[told.wave.code]
            for unit in told.units:
                if isinstance(unit.figures, Released):
                    least = wave.detail_k if isinstance(unit.detail, Released) else wave.k
                    assert unit.figures.value.n >= least
                else:
                    assert not isinstance(unit.detail, Released)
            _comments_hide(wave, comments.comments(session, told, world.now))


def _comments_hide(wave: Round, told: Mapping[str, Sequence[str]]) -> None:
    """Three or more stand together, each once, and as many people as the second threshold may have written them."""
    by: dict[str, set[str]] = {}
    written: dict[str, Counter[str]] = {}
    for person, unit, _, words in wave.kept.values():
        at = wave.parents[unit] or unit
        by.setdefault(at, set()).add(person)
        if words:
            written.setdefault(at, Counter())[comments.readable(words)] += 1
    everything = Counter(text for texts in told.values() for text in texts)
    assert everything <= sum(written.values(), Counter[str]())
    for unit, texts in told.items():
        kept = [at for at in written if unit in _above(wave.parents, at)]
        assert len(texts) >= 3
        assert len(set[str]().union(*(by[at] for at in kept))) >= wave.detail_k


def _above(parents: Mapping[str, str | None], code: str) -> set[str]:
    at, found = parents[code], {code}
    while at is not None:
        found.add(at)
        at = parents[at]
    return found

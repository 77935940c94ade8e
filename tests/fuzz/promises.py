"""The promises of the design as far as a database and what is told can show them; held after every step.

    1, 12  nothing ties an answer to a person    no_order_tells_who_came_first, no_cell_holds_a_code; while she answers
                                                 only `token` and `intake` change (`Life.somebody_answers`)
    2      nothing of fewer than k people        nobody_is_given_away (all that was ever told, also before an older
                                                 backup was put back), groups_are_large_enough (figures, comments)
    3      results once, nothing loosened        results_appear_once, nothing_frozen_is_loosened
    4, 5   each answer counts once, and is       each_answer_counts_once, codes_and_answers_are_as_many_as_letters,
           known by its receipt                  everybody_can_check
    6      a leader sees her own part            leaders_see_their_own
    8      deleted when promised, backups too    keys_are_gone_when_promised, keys_are_gone_after_a_tick, and what a
                                                 tick and a restore delete (`Living.ticked`, `Carried`)
    9      every act is in a whole log           the_log_is_whole
           how many take part, in bands only     participation_names_nobody

`broken.py` says of each by which builds, broken on purpose, it was seen to fail.
"""

import re
from collections import Counter
from collections.abc import Callable
from typing import Final

from sqlalchemy import text

from survey.database import reading
from survey.models import Base
from survey.services import audit_log
from survey.services.backups import backup_keys
from survey.services.invitations import codes, issue_key
from survey.services.publication import publication
from survey.services.responses import responses
from tests.fuzz.model import KEY_LIVES, Round, invited_below
from tests.fuzz.world import World

CODE: Final = re.compile(r"[0-9A-Z]{16}")
BANDS: Final = re.compile(r"|< 20 %|≥ 90 %|[2-8]0–[2-8]9 %")
AFTER: Final = {"response": "id", "sealed_response": "id", "receipt": "hash", "comment": "id"}
"""Tables of answers after a close, with their keys."""
Promise = Callable[[World], None]


def ids(world: World) -> dict[str, int]:
    """Return the number of each wave in the database, by its code."""
    return dict(world.rows("wave", "code", "id"))


def each_answer_counts_once(world: World) -> None:
    """What was thanked for lies there exactly once, and nothing else does: until the day of deletion, then nothing."""
    numbers = ids(world)
    arrived = world.rows("intake", "wave_id", "receipt_hash", "report_unit", "answers", "comment")
    receipts = world.rows("receipt", "wave_id", "hash")
    kept = world.rows("response", "wave_id", "report_unit", "answers")
    boxes = world.rows("sealed_response", "wave_id", "report_unit")
    said = world.rows("comment", "wave_id", "coarse_unit", "text")
    for wave in world.model.rounds.values():
        mine, hashes = numbers[wave.code], {codes.receipt_hash(wave.code, receipt) for receipt in wave.receipts}
        told = Counter((unit, vector) for _, unit, vector, _ in wave.kept.values())
        units = Counter(unit for _, unit, _, _ in wave.kept.values())
        words = Counter((wave.parents[unit] or unit, words) for _, unit, _, words in wave.kept.values() if words)
        here = wave.state == "open"
        after = not here and not wave.deleted
        assert sorted(row[1] for row in arrived if row[0] == mine) == sorted(hashes if here else ())
        assert sorted(row[1] for row in receipts if row[0] == mine) == sorted(hashes if after else ())
        open_ = Counter(row[1:] for row in kept if row[0] == mine)
        assert open_ == (told if after and not wave.is_sealed else Counter())
        shut = Counter(row[1] for row in boxes if row[0] == mine)
        assert shut == (units if after and wave.is_sealed else Counter())
        if here and not wave.sealed:
            assert Counter(row[2:4] for row in arrived if row[0] == mine) == told
        assert Counter(row[1:] for row in said if row[0] == mine) == (
            words if after and not wave.is_sealed else Counter()
        )


def codes_and_answers_are_as_many_as_letters(world: World) -> None:
    """Unspent codes and answers are as many as people invited and spare codes, less slips that were handed in."""
    numbers, tokens, pool = ids(world), world.rows("token", "wave_id", "hash"), world.rows("spare", "wave_id", "code")
    invited = Counter(row[0] for row in world.rows("roster_entry", "wave_id"))
    for wave in world.model.rounds.values():
        mine = numbers[wave.code]
        unspent = [row[1] for row in tokens if row[0] == mine]
        left = sorted(row[1] for row in pool if row[0] == mine)
        assert invited[mine] == (0 if wave.imported else len(wave.places))
        if wave.state == "open":
            assert len(unspent) == len(wave.unspent)
            assert len(unspent) + len(wave.kept) == invited[mine] + wave.spares - wave.voided
            assert left == sorted(wave.pool)
        else:
            assert (unspent, left) == ([], [])


def keys_are_gone_when_promised(world: World) -> None:
    """The pepper ends with the close, the wave's own key with the unsealing; only an open wave has an issue key."""
    held = {row[0]: row[1:] for row in world.rows("wave", "code", "id", "state", "pepper", "seal_key")}
    wrapped = Counter(row[0] for row in world.rows("wave_key", "wave_id"))
    for wave in world.model.rounds.values():
        number, state, pepper, seal = held[wave.code]
        assert state == wave.state
        assert (pepper is not None) == (state == "open")
        shut = wave.is_sealed and state != "draft" and not wave.deleted
        assert ((seal is not None), wrapped[number]) == ((True, 2) if shut else (False, 0))
        assert not issue_key.exists(world.home, wave.code) or state != "draft"
        assert not wave.imported or (pepper, seal) == (None, None)


def keys_are_gone_after_a_tick(world: World) -> None:
    """Once what is due was done, no issue key is older than 48 hours, none of a wave or of a stage that is over."""
    for wave in world.model.rounds.values():
        if issue_key.exists(world.home, wave.code):
            assert wave.state == "open"
            assert world.now - wave.opens_at < KEY_LIVES
        over = wave.state != "draft" and wave.due(world.now)
        here = "open" if wave.state == "open" else "sealed" if wave.is_sealed and not wave.deleted else "kept"
        for stage in backup_keys.STAGES:
            there = backup_keys.path(world.home, stage, wave.code).exists()
            assert not there or (stage == here and not over and wave.state != "draft")


def no_order_tells_who_came_first(world: World) -> None:
    """After the close rows lie by their random keys, and no key of one table says anything of one of another."""
    seen: list[bytes] = []
    place = " ORDER BY ctid" if world.engine.dialect.name == "postgresql" else ""
    with reading(world.engine) as session:
        for table, key in AFTER.items():
            for wave in ids(world).values():
                rows = f"SELECT {key} FROM {table} WHERE wave_id = {wave}{place}"  # noqa: S608 - our names
                mine = [bytes(row[0]) for row in session.execute(text(rows))]
                assert mine == sorted(mine), f"{table} keeps an order"
                seen += mine
    assert len(seen) == len(set(seen))


def nothing_frozen_is_loosened(world: World) -> None:
    """Thresholds, promise, tree and roster of an opened wave stay as they were at its opening."""
    for wave in world.model.rounds.values():
        if wave.frozen:
            assert frozen(world, wave) == wave.frozen


def frozen(world: World, wave: Round) -> str:
    """Return what is frozen when a wave opens."""
    number = ids(world)[wave.code]
    facts = ("k", "detail_k", "strict", "sealed", "retention_months", "promise", "promise_digest", "frozen_digest")
    tree = ("wave_id", "code", "parent_code", "name_ko", "name_en", "kind", "invited", "spares")
    said = [
        [row[1:] for row in world.rows("wave", "id", *facts, "instrument_version", "opens_at") if row[0] == number],
        sorted(map(repr, (row for row in world.rows("wave_unit", *tree) if row[0] == number))),
        sorted(row for row in world.rows("roster_entry", "wave_id", "person_id", "report_unit") if row[0] == number),
    ]
    return "\n".join(map(repr, said))


def results_appear_once(world: World) -> None:
    """Only a published wave has results, and not a byte of them is ever another; a withdrawn one is shown nowhere."""
    numbers = {number: code for code, number in ids(world).items()}
    found = {f"{numbers[row[0]]} head": bytes(row[1]) for row in world.rows("publication", "wave_id", "record")}
    found |= {
        f"{numbers[row[0]]} {row[1]}": bytes(row[2])
        for row in world.rows("published_unit", "wave_id", "unit_code", "record")
    }
    found |= {
        f"{numbers[row[0]]} cut {row[1]}": bytes(row[2])
        for row in world.rows("second_cut", "wave_id", "code", "record")
    }
    assert found.keys() >= world.publications.keys()
    for name, record in found.items():
        assert world.publications.setdefault(name, record) == record
        assert world.model.rounds[name.partition(" ")[0]].state == "published"
    with reading(world.engine) as session:
        shown = {each.wave.code for each in publication.publications(session)}
    assert shown == {
        each.code for each in world.model.rounds.values() if each.state == "published" and not each.withdrawn
    }


def participation_names_nobody(world: World) -> None:
    """Below ten people invited nothing is told, never that all or none answered, and of a rehearsal nothing at all."""
    numbers = {number: code for code, number in ids(world).items()}
    below = {code: invited_below(wave) for code, wave in world.model.rounds.items()}
    for wave, unit, band in world.rows("wave_unit", "wave_id", "code", "participation"):
        assert BANDS.fullmatch(band), band
        assert not band or below[numbers[wave]][unit] >= 10
        round_ = world.model.rounds[numbers[wave]]
        assert not band or not (round_.rehearsal or round_.imported)


def the_log_is_whole(world: World) -> None:
    """Every act is chained to the one before it."""
    with reading(world.engine) as session:
        assert audit_log.verify(session).whole


def everybody_can_check(world: World) -> None:
    """A receipt is told to be counted as long as answers are kept, in its wave, and no other one is."""
    with reading(world.engine) as session:
        for wave in world.model.rounds.values():
            for receipt in wave.receipts[-1:]:
                assert responses.counted(session, codes.grouped(receipt)) == world.model.counted_in(receipt)
        assert responses.counted(session, "0" * 16) is None


def no_cell_holds_a_code(world: World) -> None:
    """Codes and receipts stand nowhere as they are, but for spare codes that nobody has drawn."""
    known = {*world.model.codes, *(receipt for wave in world.model.rounds.values() for receipt in wave.receipts)}
    for table in Base.metadata.tables:
        cells = [cell for row in world.rows(table) for cell in row if isinstance(cell, str | dict | list)]
        seen = set(CODE.findall(" ".join(map(str, cells)).replace("-", "")))
        assert table == "spare" or not seen & known


EVERY_STEP: Final[tuple[Promise, ...]] = (
    each_answer_counts_once,
    codes_and_answers_are_as_many_as_letters,
    keys_are_gone_when_promised,
    no_order_tells_who_came_first,
    nothing_frozen_is_loosened,
    results_appear_once,
    participation_names_nobody,
    the_log_is_whole,
    everybody_can_check,
    no_cell_holds_a_code,
)

"""What is said about a publication afterwards travels beside its record, and never in it."""

from survey.privacy.changes import GIVES_AWAY
from survey.privacy.freeze import freeze
from survey.privacy.notices import NOTHING, Afterwards, Erratum, told_digest
from survey.privacy.released import Released
from survey.privacy.thaw import dump, thaw
from tests.privacy.companies import company, with_moves
from tests.privacy.records import as_publication
from tests.sample import sample_bytes

SAID = Erratum("2026-11-22", "이름이 틀렸습니다.", "The name is wrong.")


def test_an_erratum_is_said_in_the_readers_language() -> None:
    """Both texts are kept; the reader's is told."""
    assert (SAID.text("ko"), SAID.text("en")) == ("이름이 틀렸습니다.", "The name is wrong.")


def test_what_was_said_changes_what_is_told_and_not_the_record() -> None:
    """The record keeps its digest; what is told gets another one, so that an older print is not taken for it."""
    data, digest = sample_bytes()
    before = thaw(data, digest)
    after = before.followed_by(Afterwards((SAID,)))
    assert (before.told_digest, before.errata) == (digest, ())
    assert after.errata == (SAID,)
    assert after.digest == digest != after.told_digest
    assert told_digest(digest, NOTHING) == digest
    assert after.frozen() == (data, digest)


def test_a_change_since_a_withdrawn_wave_is_not_told() -> None:
    """The index less its change would give the withdrawn number."""
    big = "Company\n  A 25\n  B 24"
    first = as_publication(freeze(company(big, seed=3)))
    data, digest = dump(freeze(with_moves(company(big, seed=2, code="2026-Q2"), {}), first))
    stands, gone = thaw(data, digest), thaw(data, digest, Afterwards(withdrawn=("2026-Q1",)))
    changed = [unit.code for unit in stands.units if isinstance(unit.detail, Released) and unit.detail.value.change]
    assert changed
    for code in changed:
        detail = gone.unit(code).detail
        assert isinstance(detail, Released)
        assert detail.value.change is None
        assert detail.value.change_hidden not in {"", GIVES_AWAY.text}

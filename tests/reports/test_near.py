import pytest

from reports.annex import annex_json
from reports.context import report_of
from reports.pool import frozen
from survey.i18n import Refused
from survey.privacy import cells
from survey.privacy.thaw import Publication, thaw
from tests.privacy.records import older
from tests.sample import sample_publication, sample_record


def travelled(code: str | None) -> tuple[Publication, Publication]:
    """Both waves as they arrive in a process that prints one report, the first wave first; whole without a code."""
    cells._lately.clear()
    of = frozen(sample_publication(), [sample_publication(False)], None if code is None else {code})
    first, second = (thaw(*record) for record in of.records)
    return first, second


def test_a_report_of_one_unit_needs_what_is_near_only() -> None:
    """Whatever unit is printed: what travels for it alone gives the report and the annex that the whole gives."""
    wanted = {code: _made(*travelled(None), code) for code in sample_publication().codes}
    assert {code: _made(*travelled(code), code) for code in wanted} == wanted


def _made(first: Publication, second: Publication, code: str) -> tuple[str, bytes]:
    return repr(report_of(second, code, "ko", (first,))), annex_json(second, code, "en", (first,))


def test_what_travels_for_one_unit_is_small_and_as_well_verified() -> None:
    """Units far away are not in it, and say so; a changed byte of those that are is noticed; the digest is the same."""
    _, wave = travelled("A1-T1")
    data, digest = wave.frozen()
    assert digest == sample_publication().digest
    assert len(data) * 4 < len(sample_publication().frozen()[0])
    assert wave.unit("A1").invited
    assert wave.unit("B1").name("en") == "Customer Care 1"
    with pytest.raises(Refused, match="of the unit B1 is missing"):
        wave.unit("B1").invited  # noqa: B018 - it is read only when looked at
    with pytest.raises(Refused, match="changed after it was made"):
        thaw(b'"code":"A1-T3"'.join(data.rsplit(b'"code":"A1-T1"', 1)), digest)
    with pytest.raises(Refused, match="changed after it was made"):
        thaw(data.replace(b'"invited":', b'"invited": ', 1), digest)


def test_a_publication_of_the_version_before_travels_whole() -> None:
    """Its digest is of all its bytes, so that none can be left out."""
    data, digest = older(sample_record())
    assert thaw(data, digest).frozen(["A1"]) == (data, digest)

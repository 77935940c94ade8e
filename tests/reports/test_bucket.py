from collections.abc import Iterator

import pytest

from reports.pool import Frozen, Job, render_all
from reports.store.bucket import Bucket
from survey.i18n import Refused
from tests.reports import company, s3

NAME = "3f2a/ko/SALES-1c9d.pdf"
SAYS = {
    (403, "AccessDenied"): "refuses this installation",
    (403, "SignatureDoesNotMatch"): "refuses this installation",
    (404, "NoSuchBucket"): "does not exist",
    (403, "QuotaExceeded"): "is full",
    (507, "XMinioStorageFull"): "is full",
    (400, "TeaPot"): r"unexpected \(TeaPot\)",
}


@pytest.fixture(scope="module")
def odd() -> Iterator[tuple[s3.Told, Bucket]]:
    """Run one service that answers as it is told, and give it with a bucket of it."""
    with s3.told() as server, pytest.MonkeyPatch.context() as environment:
        s3.settle(environment, f"http://127.0.0.1:{server.server_port}")
        bucket = Bucket(s3.BUCKET, "reports")
        server.tell(GET=[(404, "NoSuchBucket")])
        with pytest.raises(Refused):
            bucket.names()  # from now on it has its client
        yield server, bucket


def test_an_address_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip in AWS_ENDPOINT_URL_S3 is told in words, with the setting, and not as a mistake of ours."""
    s3.settle(monkeypatch, "store.example.com:9000")
    with pytest.raises(Refused, match=r"cannot be reached.*AWS_ENDPOINT_URL_S3"):
        Bucket(s3.BUCKET).has(NAME)


@pytest.mark.parametrize(("status", "code"), SAYS)
def test_a_bucket_says_what_hinders(status: int, code: str, odd: tuple[s3.Told, Bucket]) -> None:
    """Whoever runs the survey reads which store it is and what to do, and never the library's own words."""
    server, bucket = odd
    server.tell(GET=[(status, code)], PUT=[(status, code)])
    says = f"s3://company-survey/reports/.*{SAYS[status, code]}"
    with pytest.raises(Refused, match=says):
        bucket.keep(NAME, b"%PDF")
    with pytest.raises(Refused, match=says):
        bucket.names()


def test_a_bucket_that_cannot_be_reached_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens there: the sentence says what to check, and a run ends with it and sets no report aside."""
    with s3.told() as server:
        address = f"http://127.0.0.1:{server.server_port}"
    s3.settle(monkeypatch, address)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    jobs = [Job(unit.code, "ko") for unit in company.publication().units]
    with pytest.raises(Refused, match="cannot be reached"):
        render_all(Frozen(*company.publication().frozen()), jobs, Bucket(s3.BUCKET), slots=1)


def test_a_service_without_conditions_is_asked_beforehand(odd: tuple[s3.Told, Bucket]) -> None:
    """One that does not know If-None-Match gets the file without it, unless it has one of that name."""
    server, bucket = odd
    server.tell(PUT=[(501, "NotImplemented"), (200, "")], HEAD=[(404, "")])
    assert bucket.keep(NAME, b"%PDF")
    assert server.asked == ["PUT", "HEAD", "PUT"]
    server.tell(PUT=[(501, "NotImplemented")], HEAD=[(200, "")])
    assert not bucket.keep(NAME, b"%PDF")


def test_a_lost_answer_and_a_conflict_are_settled(odd: tuple[s3.Told, Bucket]) -> None:
    """Asked again after an answer that was lost, the service says it has the file: ours. In a conflict we ask again."""
    server, bucket = odd
    server.tell(PUT=[(500, "InternalError"), (412, "PreconditionFailed")], HEAD=[(200, "")])
    assert bucket.keep(NAME, b"%PDF")
    assert not bucket.keep(NAME, b"%PDF")
    server.tell(PUT=[(409, "ConditionalRequestConflict"), (200, "")])
    assert bucket.keep(NAME, b"%PDF")

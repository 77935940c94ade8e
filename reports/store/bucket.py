"""A bucket of an S3-compatible service as a store. Needs the extra `s3` (boto3).

Address, region and secrets are boto3's own: AWS_ENDPOINT_URL_S3, AWS_REGION, AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY, or a file that AWS_SHARED_CREDENTIALS_FILE names, or the role of the machine.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from threading import Lock
from typing import Any, Final

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from reports.store.names import checked, checked_prefix
from survey.i18n import Refused, Sentence

Client = Any
"""boto3 makes its clients at run time, and has no types."""
ONCE_MORE: Final = 5
"""How often a file is offered while the service says that others offer it at the same moment."""
AT_A_TIME: Final = 1000
"""Files that S3 lists, or removes, at one word."""
SECONDS: Final = {"connect_timeout": 5, "read_timeout": 60}
_WRITER: Final = "writer"
_NO_SECRET: Final = frozenset({"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"})
_FULL: Final = frozenset({"QuotaExceeded", "XMinioStorageFull", "InsufficientCapacity", "ServiceQuotaExceeded"})
_NOT_OFFERED: Final = frozenset({HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.METHOD_NOT_ALLOWED})

FORBIDDEN: Final = Sentence(
    "The store %(place)s refuses this installation (%(why)s). Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and "
    "that this key may list, read, write and delete there."
)
NO_BUCKET: Final = Sentence("The store %(place)s does not exist. Make this bucket, or mend SURVEY_REPORTS.")
FULL: Final = Sentence("The store %(place)s is full (%(why)s). Make room, then start again: what is printed stays.")
UNREACHABLE: Final = Sentence(
    "The store %(place)s cannot be reached (%(why)s). Check the network, AWS_ENDPOINT_URL_S3 and AWS_REGION."
)
ODD: Final = Sentence("The store %(place)s answered something unexpected (%(why)s). Try again; then ask who runs it.")


class Bucket:
    """Files of a bucket whose keys begin with a prefix."""

    def __init__(self, bucket: str, prefix: str = "") -> None:
        self.bucket = bucket
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._made = Lock()
        self._kept: Client = None

    def has(self, name: str) -> bool:
        """Tell whether a file is there."""
        with self._in_words() as client:
            return self._head(client, name) is not None

    def names(self, prefix: str = "") -> set[str]:
        """Return the names that begin with `prefix`: one question for a thousand."""
        asked = self.prefix + checked_prefix(prefix)
        with self._in_words() as client:
            paging = {"PageSize": AT_A_TIME}
            pages = client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=asked, PaginationConfig=paging
            )
            return {found["Key"].removeprefix(self.prefix) for page in pages for found in page.get("Contents", ())}

    def heads(self) -> set[str]:
        """Return the first parts of all names."""
        with self._in_words() as client:
            pages = client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self.prefix, Delimiter="/"
            )
            found = (common["Prefix"] for page in pages for common in page.get("CommonPrefixes", ()))
            return {key.removeprefix(self.prefix).rstrip("/") for key in found}

    def read(self, name: str) -> bytes:
        """Return a file; raises FileNotFoundError where there is none."""
        with self._in_words() as client:
            content: bytes = client.get_object(Bucket=self.bucket, Key=self._key(name))["Body"].read()
            return content

    def keep(self, name: str, content: bytes) -> bool:
        """Keep a file unless there is one; tell whether this call has kept it.

        The service decides who was first (If-None-Match). One that does not offer that is asked beforehand: two that
        come at the same moment are then both told True, and the same bytes are written twice.
        """
        with self._in_words() as client:
            writer = secrets.token_hex(8)
            for _ in range(ONCE_MORE):
                answer = self._offer(client, name, content, writer)
                if answer is not None:
                    return answer
            return False

    def forget(self, prefix: str) -> None:
        """Remove all that begins with `prefix`."""
        if not prefix:
            raise ValueError("a store is not emptied by a slip")
        keys = [{"Key": self._key(name)} for name in sorted(self.names(prefix))]
        with self._in_words() as client:
            for start in range(0, len(keys), AT_A_TIME):
                some = {"Objects": keys[start : start + AT_A_TIME], "Quiet": True}
                left = client.delete_objects(Bucket=self.bucket, Delete=some).get("Errors", [])
                if left:
                    raise Refused(FORBIDDEN, place=self._place, why=left[0]["Code"])

    @property
    def _place(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"

    def _key(self, name: str) -> str:
        return self.prefix + checked(name)

    def _head(self, client: Client, name: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = client.head_object(Bucket=self.bucket, Key=self._key(name))
        except ClientError as error:
            if _status(error) != HTTPStatus.NOT_FOUND:
                raise
            return None
        return found

    def _offer(self, client: Client, name: str, content: bytes, writer: str) -> bool | None:
        """Offer a file once; None where the service asks to offer it again."""
        file = {"Bucket": self.bucket, "Key": self._key(name), "Body": content, "Metadata": {_WRITER: writer}}
        try:
            client.put_object(**file, IfNoneMatch="*")
        except ClientError as error:
            status = _status(error)
            if status == HTTPStatus.CONFLICT:
                return None
            if status == HTTPStatus.PRECONDITION_FAILED:
                # The library asks again where an answer was lost: then the file that is there is ours.
                found = self._head(client, name) or {}
                return bool(found.get("Metadata", {}).get(_WRITER) == writer)
            if status not in _NOT_OFFERED:
                raise
            if self._head(client, name) is not None:
                return False
            client.put_object(**file)
        return True

    def _client(self) -> Client:
        with self._made:
            if self._kept is None:
                config = Config(**SECONDS, retries={"mode": "standard"}, max_pool_connections=16)
                try:
                    self._kept = Session().client("s3", config=config)
                except ValueError as error:  # AWS_ENDPOINT_URL_S3 is no address
                    raise Refused(UNREACHABLE, place=self._place, why=type(error).__name__) from None
            return self._kept

    @contextmanager
    def _in_words(self) -> Iterator[Client]:
        """Hand out the client, and say in words what hinders."""
        place = self._place
        try:
            yield self._client()
        except ClientError as error:
            if _code(error) == "NoSuchKey":
                raise FileNotFoundError(_code(error)) from None
            raise Refused(_sentence(error), place=place, why=_code(error)) from None
        except NoCredentialsError as error:
            raise Refused(FORBIDDEN, place=place, why=type(error).__name__) from None
        except BotoCoreError as error:
            raise Refused(UNREACHABLE, place=place, why=type(error).__name__) from None


def _sentence(error: ClientError) -> Sentence:
    code, status = _code(error), _status(error)
    if code in _FULL or status == HTTPStatus.INSUFFICIENT_STORAGE:
        return FULL
    if code == "NoSuchBucket" or (status == HTTPStatus.NOT_FOUND and code == "404"):
        return NO_BUCKET
    if code in _NO_SECRET or status in {HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED}:
        return FORBIDDEN
    return ODD


def _code(error: ClientError) -> str:
    return str(error.response["Error"].get("Code", ""))


def _status(error: ClientError) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])

"""Services that speak S3 on loopback: one that works, in a process of its own, and one that answers as it is told."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final

import boto3
import pytest

BUCKET: Final = "company-survey"
_SERVER: Final = """
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
# One request at a time: whether a name is taken is then decided once, as the real ones do.
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=False)
print(server.server_port, flush=True)
server.serve_forever()
"""


@contextmanager
def service() -> Iterator[str]:
    """Run a server process with an empty bucket, and give its address."""
    command = [sys.executable, "-W", "ignore", "-c", _SERVER]
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout is not None
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.kill()


def settle(environment: pytest.MonkeyPatch, address: str) -> None:
    """Say where the service is and who we are, as an operator does."""
    environment.setenv("AWS_ENDPOINT_URL_S3", address)
    environment.setenv("AWS_REGION", "ap-northeast-2")
    environment.setenv("AWS_DEFAULT_REGION", "ap-northeast-2")
    environment.setenv("AWS_ACCESS_KEY_ID", "survey")
    environment.setenv("AWS_SECRET_ACCESS_KEY", "not a secret")
    environment.setenv("AWS_MAX_ATTEMPTS", "2")
    environment.setenv("AWS_EC2_METADATA_DISABLED", "true")


def make_bucket(name: str = BUCKET) -> None:
    """Make a bucket, as an operator does beforehand."""
    place = {"LocationConstraint": "ap-northeast-2"}
    boto3.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place)


class Told(ThreadingHTTPServer):
    """Answers a method with what it was told, one answer after another, the last one for ever."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.tell()

    def tell(self, **answers: list[tuple[int, str]]) -> None:
        """Say what each method is answered from now on: a status, and a code of S3's."""
        self.answers = answers
        self.asked: list[str] = []
        self.metadata = ""


class _Answer(BaseHTTPRequestHandler):
    server: Told

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        told = self.server
        told.asked.append(self.command)
        if self.command == "PUT" and not told.metadata:
            told.metadata = self.headers.get("x-amz-meta-writer", "")
        left = told.answers[self.command]
        status, code = left.pop(0) if len(left) > 1 else left[0]
        body = f"<Error><Code>{code}</Code><Message>as told</Message></Error>".encode() if code else b""
        self.send_response(status)
        self.send_header("x-amz-meta-writer", told.metadata)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_PUT = do_HEAD = do_POST = _answer  # noqa: N815 - the library's names

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def told() -> Iterator[Told]:
    """Run a service that answers each method as it is told."""
    with Told() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()

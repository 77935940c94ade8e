import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey

from survey.i18n import Refused
from survey.services.invitations.codes import ALPHABET
from survey.services.sealing.key_text import (
    BEGIN,
    END,
    LENGTH,
    fingerprint,
    public_text,
    read_file,
    read_public,
    text_of,
)

KEY = PrivateKey(bytes(range(32)))
PUBLIC = bytes(KEY.public_key)


@given(st.binary(min_size=32, max_size=32))
def test_a_key_is_read_back(secret: bytes) -> None:
    """The file gives back its private key, and what is printed the public one."""
    key = PrivateKey(secret)
    assert bytes(read_file(text_of(key).encode())) == bytes(key)
    assert read_public(public_text(bytes(key.public_key))) == bytes(key.public_key)


def test_a_public_key_is_short_groups_that_can_be_read_out() -> None:
    """14 groups of four, without letters that sound or look like digits; heard in lower case with spaces it is read."""
    groups = public_text(PUBLIC).split("-")
    assert [len(group) for group in groups] == [4] * 14
    assert set("".join(groups)) <= set(ALPHABET)
    assert read_public(" ".join(groups).lower().replace("0", "o").replace("1", "l")) == PUBLIC


@given(st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_a_slip_of_the_tongue_is_noticed(place: int, heard: str) -> None:
    """One wrong character, wherever, and nothing is registered; so with a whole group that is missing."""
    characters = public_text(PUBLIC).replace("-", "")
    if characters[place] != heard:
        with pytest.raises(Refused, match="Compare it group by group"):
            read_public(characters[:place] + heard + characters[place + 1 :])
    with pytest.raises(Refused, match="Compare it group by group"):
        read_public(characters[4:])


def test_two_groups_that_changed_places_are_noticed() -> None:
    """The check covers the order of the groups."""
    groups = public_text(PUBLIC).split("-")
    with pytest.raises(Refused, match="Compare it group by group"):
        read_public("-".join([groups[1], groups[0], *groups[2:]]))


@given(st.data())
def test_a_damaged_copy_of_a_key_file_is_told(data: st.DataObject) -> None:
    """Any character of the key changed or lost, the rest of the file cut off: it is said that the copy is damaged."""
    text = text_of(KEY)
    start, end = text.index(BEGIN) + len(BEGIN) + 1, text.index(END)
    places = [at for at in range(start, end) if text[at] in ALPHABET]
    at = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([letter for letter in ALPHABET if letter != text[at]]))
    for damaged in (text[:at] + other + text[at + 1 :], text[:at] + text[at + 1 :], text[:at]):
        with pytest.raises(Refused, match="This key file is damaged"):
            read_file(damaged.encode())


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n\n"])
def test_a_key_file_survives_its_travels(end: str) -> None:
    """Other line ends, a byte order mark, words added above: the key is still read."""
    text = "\ufeffkept by Cy\n" + text_of(KEY).replace("\n", end)
    assert bytes(read_file(text.encode())) == bytes(KEY)


def test_a_key_file_says_what_it_is() -> None:
    """Somebody who finds it in ten years reads in Korean and English what it opens, and whose it is."""
    text = text_of(KEY)
    assert "비밀 열쇠" in text
    assert "private key for sealed waves" in text
    assert fingerprint(PUBLIC) in text


def test_the_two_halves_are_not_taken_for_each_other() -> None:
    """A private key typed in place of the public one is burnt, and the sentence says so; a public one opens nothing."""
    private = text_of(KEY).split(BEGIN)[1].split(END)[0]
    for shown in (private, text_of(KEY)):
        with pytest.raises(Refused, match="now it has been shown"):
            read_public(shown)
    with pytest.raises(Refused, match="damaged"):
        read_file(f"{BEGIN}\n{public_text(PUBLIC)}\n{END}".encode())

"""Whatever a browser sends of a passkey, nothing breaks."""

import json
from typing import Final

from hypothesis import given
from hypothesis import strategies as st
from webauthn.helpers import bytes_to_base64url as text

from survey.services.accounts import ceremonies
from survey.services.accounts.ceremonies import Answer, Made, Site
from tests.services.device import SITE, Device

HERE: Final = Site("survey.example.com", SITE, "Lighthouse Trading")
JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.binary(max_size=60).map(text),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "signature"]), inner)
    ),
    max_leaves=8,
)
PARTS: Final = ("attestationObject", "authenticatorData", "clientDataJSON", "id", "rawId", "signature", "type")
ASKED: Final = json.dumps({"challenge": text(bytes(32)), "rp": {"id": HERE.id}, "rpId": HERE.id})


@given(JSON, st.sampled_from(PARTS))
def test_nonsense_is_no_passkey(nonsense: object, part: str) -> None:
    """Whatever a browser sends, it is taken or not, and nothing breaks."""
    device = Device()
    right = ceremonies.made(HERE, bytes(32), Answer(device.create(ASKED), ""))
    assert right
    for said in (nonsense, spoilt(device.create(ASKED), part, nonsense)):
        assert ceremonies.made(HERE, bytes(32), Answer(json.dumps(said), "")) in {None, right}
    for said in (nonsense, spoilt(device.get(ASKED), part, nonsense)):
        sent = Answer(json.dumps(said), "")
        ceremonies.named(sent)
        assert ceremonies.uses(HERE, bytes(32), sent, right, verified=True) in {None, 1}


def spoilt(said: str, part: str, nonsense: object) -> object:
    """Return an answer with one part replaced."""
    facts: dict[str, object] = json.loads(said)
    response = facts["response"]
    assert isinstance(response, dict)
    (facts if part in facts else response)[part] = nonsense
    return facts


@given(st.binary(max_size=300), st.sampled_from(PARTS[:3]))
def test_no_bytes_break_the_reader(nonsense: bytes, part: str) -> None:
    """What is inside the parts is read as carefully as the parts."""
    device = Device()
    known = Made(text(device.name), b"", 0)
    assert (
        ceremonies.made(HERE, bytes(32), Answer(json.dumps(spoilt(device.create(ASKED), part, text(nonsense))), ""))
        is None
        or part == "authenticatorData"
    )
    assert (
        ceremonies.uses(
            HERE,
            bytes(32),
            Answer(json.dumps(spoilt(device.get(ASKED), part, text(nonsense))), ""),
            known,
            verified=True,
        )
        is None
    )

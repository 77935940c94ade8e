"""Each way to write an impossible instrument, with the place and the cure that its author is told."""

import copy
import re
import tomllib
from typing import Any, Final

import msgspec
import pytest
from _pytest.mark.structures import ParameterSet

from survey.instruments.errors import InstrumentError
from survey.instruments.model import Instrument

POCKET: Final = """
id = "pocket"
version = "1"
languages = ["ko", "en"]
citation = "Made for this test."
licence = "Apache-2.0"
title = { ko = "작은 설문", en = "A small survey" }
comment = { ko = "더 할 말", en = "More to say" }

[units]
team = { ko = "팀", en = "team" }
store = { ko = "매장", en = "store" }

[[answer_scales]]
id = "agreement"
labels = { 1 = { ko = "아니다", en = "no" }, 7 = { ko = "그렇다", en = "yes" } }

[[blocks]]
id = "reasons"
title = { ko = "이유", en = "Reasons" }
intro = { ko = "왜 하나요?", en = "Why?" }

[[blocks]]
id = "doing"
title = { ko = "우리 {unit}에서", en = "In our {unit}" }
intro = { ko = "얼마나 자주?", en = "How often?" }

[[scales]]
id = "play"
name = { ko = "즐거움", en = "Play" }
kind = "motive"
direction = "direct"

[[scales]]
id = "inertia"
name = { ko = "타성", en = "Inertia" }
kind = "motive"
direction = "indirect"

[[scales]]
id = "adaptive"
name = { ko = "상황 대응", en = "Adaptive" }
kind = "behaviour"

[[scales]]
id = "creativity"
name = { ko = "창의성", en = "Creativity" }
kind = "facet"
parent = "adaptive"

[[scales]]
id = "stand_ups"
name = { ko = "짧은 모임", en = "Stand-ups" }
kind = "practice"

[[composites]]
id = "index"
name = { ko = "지수", en = "Index" }
weights = { play = "10", inertia = "-10" }
low = -60
high = 60

[[items]]
id = "play"
scale = "play"
block = "reasons"
answers = "agreement"
text = { ko = "즐거워서 한다.", en = "I like it." }

[[items]]
id = "inertia"
scale = "inertia"
block = "reasons"
answers = "agreement"
text = { ko = "그냥 한다.", en = "I just do it." }

[[items]]
id = "creativity"
scale = "creativity"
block = "doing"
answers = "agreement"
text = { ko = "우리 {unit}에서는 새로 해 보았다.", en = "In our {unit}, we tried something new." }

[[items]]
id = "stand_ups"
scale = "stand_ups"
block = "doing"
answers = "agreement"
text = { ko = "짧게 모였다.", en = "We met briefly." }
"""

GONE: Final = object()

NAMES: Final = 'Write a lower-case name of letters, digits and "_", such as "play".'
TWICE: Final = '"play" stands here for the second time: choose another id.'
SAY: Final = "Say here where the wording comes from and under what terms it may be used."
EACH: Final = 'Name each of "ko" and "en" once: every page is written in both.'
BRACES: Final = "Remove the braces: only {unit} may have them, in questions and where [units] has words."
LABELS: Final = "Name the answer scale whose labels stand at the numbers."
BLOCK: Final = "Name the block of the form in which this item is asked."
WHOLE: Final = "Write a whole number from 0 to 100."
NO_SCALE: Final = 'There is no scale "fun": add it, or name another.'
EXACT: Final = 'Write an exact number other than 0, such as "10" or "-5/3".'
RANGE: Final = "Add a common range such as [1, 7]: the scales have different ones."
DIRECTION: Final = 'Write "direct" or "indirect": every motive is one of the two.'
PRACTICE: Final = 'Give the practice "stand_ups" one item, with the same id.'
OUTCOME: Final = {"id": "rest", "name": {"ko": "휴식", "en": "Rest"}, "kind": "outcome"}
REST: Final = {
    "id": "rest",
    "scale": "rest",
    "block": "doing",
    "answers": "agreement",
    "text": {"ko": "쉰다.", "en": "R"},
}
MEAN: Final = {"id": "mean", "name": {"ko": "평균", "en": "Mean"}, "weights": {"adaptive": "1"}, "low": 1, "high": 7}


def pocket(**changes: object) -> dict[str, Any]:
    """The small instrument as its file says it, with changes by path: `items__0__text__ko="…"`, GONE to leave out."""
    raw = tomllib.loads(POCKET)
    for path, value in changes.items():
        *way, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        inner: Any = raw
        for step in way:
            inner = inner[step]
        if value is GONE:
            del inner[last]
        elif isinstance(inner, list) and last == len(inner):
            inner.append(value)
        else:
            inner[str(last) if isinstance(inner, dict) else last] = value
    return raw


def made(raw: dict[str, Any]) -> Instrument:
    """The instrument of what a file says."""
    return msgspec.convert(copy.deepcopy(raw), type=Instrument)


def case(path: str, cure: str, **changes: object) -> ParameterSet:
    """One row of the table: what the author is told after these changes."""
    return pytest.param(changes, path, cure, id=f"{path}-{'-'.join(changes)}"[:80])


FAULTS: Final = [
    # What it is
    case("id", 'Write a lower-case name of letters, digits and "-", such as "total-motivation".', id="Pocket!"),
    case("version", "Write 1 to 20 characters here.", version=" "),
    case("version", "Write 1 to 20 characters here.", version="1" * 21),
    case("citation", SAY, citation=""),
    case("licence", SAY, licence=" "),
    case("languages", EACH, languages=["ko"]),
    case("languages", EACH, languages=["ko", "en", "en"]),
    # Names
    case("items[0].id", NAMES, items__0__id="7up"),
    case("items[1].id", TWICE, items__1__id="play"),
    case("scales[1].id", TWICE, scales__1__id="play"),
    case("composites[0].id", TWICE, composites__0__id="play"),
    case("blocks[1].id", NAMES, blocks__1__id="x" * 65),
    # Items
    case("items", "Add at least one item.", items=[]),
    case("items[0].scale", NO_SCALE, items__0__scale="fun"),
    case("items[2].scale", '"adaptive" has facets: name one of them.', items__2__scale="adaptive"),
    case(
        "items[1].reverse",
        "Remove this: a motive is never reversed, its weight carries the sign.",
        items__1__reverse=True,
    ),
    case("items[0].reverse", "Remove this: a motive is never reversed, its weight carries the sign.",
         items__0__reverse=True),
    case("items[3].required", "Remove this: a wave asks only some of the practices.", items__3__required=True),
    case("items[0].min", WHOLE, items__0__min=-1),
    case("items[0].max", WHOLE, items__0__max=101),
    case("items[0].max", "Let max be greater than min, which is 7.", items__0__min=7),
    case("items[0].max", "Let max be greater than min, which is 9.", items__0__min=9),
    # Scales
    case("scales[5].id", 'No item measures "rest": add one, or remove the scale.', scales__5=OUTCOME),
    case("scales[2].id", 'Give all items of "adaptive" the same min and max.',
         scales__5=OUTCOME | {"kind": "facet", "parent": "adaptive"}, items__4=REST | {"max": 5}),
    case("scales[0].direction", DIRECTION, scales__0__direction=GONE),
    case("scales[2].direction", "Remove this: only motives have a direction.", scales__2__direction="direct"),
    case("scales[3].parent", "Name the behaviour scale that this facet is a part of.", scales__3__parent="play"),
    case("scales[4].parent", "Remove this: only facets are a part of another scale.", scales__4__parent="adaptive"),
    case("scales[4].id", PRACTICE, items__3__id="standing"),
    case("scales[4].id", PRACTICE, items__4=REST | {"scale": "stand_ups"}),
    # Blocks and labels
    case("items[0].block", BLOCK, items__0__block="reason"),
    case("items[0].block", BLOCK, items__0__block=GONE),
    case("items[3].block", 'Move this item up to the others of block "reasons".', items__3__block="reasons"),
    case("blocks[2].id", 'No item stands in block "end": remove it.',
         blocks__2={"id": "end", "title": {"ko": "끝", "en": "End"}, "intro": {"ko": "끝", "en": "End"}}),
    case("items[0].answers", LABELS, items__0__answers=GONE),
    case("items[0].answers", LABELS, items__0__answers="agree"),
    case("answer_scales[1].id", 'Use "often" for items with the same min and max, or remove it.',
         answer_scales__1={"id": "often", "labels": {}}),
    case("answer_scales[0].id", 'Use "agreement" for items with the same min and max, or remove it.',
         items__3__max=5),
    case("answer_scales[0].labels.9", "No item has this answer: label 1 to 7.",
         answer_scales__0__labels__9={"ko": "아홉", "en": "nine"}),
    case("answer_scales[0].labels.7", "Add this label: the lowest and the highest answer always have one.",
         answer_scales__0__labels={"1": {"ko": "아니다", "en": "no"}}),
    # Wording
    case("title.ko", 'Add the wording in "ko".', title__ko=GONE),
    case("items[3].text.ko", 'Add the wording in "ko".', items__3__text__ko=" "),
    case("items[3].text.ko", 'Add the wording in "ko".', items__3__text=GONE),
    case("items[3].text.de", 'Remove this, or add "de" to languages.', items__3__text__de="Wir trafen uns."),
    case("title.de", 'Add the wording in "de".', languages=["ko", "en", "de"]),
    case("comment.en", 'Add the wording in "en".', comment__en=GONE),
    case("units.store.ko", 'Add the wording in "ko".', units__store__ko=GONE),
    case("answer_scales[0].labels.1.en", 'Add the wording in "en".',
         answer_scales__0__labels={"1": {"ko": "아니다"}, "7": {"ko": "그렇다", "en": "yes"}}),
    case("blocks[0].intro.en", 'Add the wording in "en".', blocks__0__intro__en=GONE),
    case("scales[0].name.en", 'Add the wording in "en".', scales__0__name__en=GONE),
    case("composites[0].name.ko", 'Add the wording in "ko".', composites__0__name__ko=GONE),
    case("items[0].text.en", BRACES, items__0__text__en="I {like} it."),
    case("items[0].text.en", BRACES, items__0__text__en="I like it }"),
    case("scales[0].name.en", BRACES, scales__0__name__en="Play in our {unit}"),
    case("blocks[1].title.ko", BRACES, units=GONE),
    # Weights
    case("composites", "Add a composite with a weight for each motive: it is the index.", composites=[]),
    case("composites[0].weights.fun", NO_SCALE, composites__0__weights__fun="1"),
    case("composites[0].weights.adaptive", "Remove this: the index is made of motives only.",
         composites__0__weights__adaptive="1"),
    case("composites[0].weights.stand_ups", "Remove this: practices count in no composite.",
         composites__0__weights__stand_ups="1"),
    case("composites[0].weights.inertia", 'Add a weight for the motive "inertia": the index is made of all.',
         composites__0__weights__inertia=GONE),
    case("composites[0].weights.play", "Remove the minus: a direct motive raises the index.",
         composites__0__weights__play="-10"),
    case("composites[0].weights.inertia", "Put a minus before it: an indirect motive lowers the index.",
         composites__0__weights__inertia="10"),
    case("composites[0].weights",
         "Let the weights add up to 0, not 5/3: the same answer everywhere must give 0.",
         composites__0__weights__play="35/3"),
    *(case("composites[0].weights.play", EXACT, composites__0__weights__play=weight)
      for weight in ("0", "1.66", "5/0", "ten", "", " 5", "٥")),
    case("composites[0].rescale", "Write the lower number first, such as [1, 7].", composites__0__rescale=[7, 1]),
    case("composites[0].rescale", RANGE, items__0__max=5, items__0__answers="five", answer_scales__1={
        "id": "five", "labels": {"1": {"ko": "아니다", "en": "no"}, "5": {"ko": "그렇다", "en": "yes"}}}),
    case("composites[0].low", "Write -60: that is what the weights reach.", composites__0__low=-100),
    case("composites[0].high", "Write 60: that is what the weights reach.", composites__0__high=100),
    case("composites[0].high", "Write 100: that is what the weights reach.", composites__0__rescale=[0, 10],
         composites__0__low=-100),
    case("composites[1].weights", "Add a weight for at least one scale.", composites__1=MEAN | {"weights": {}}),
    case("composites[1].weights", "Leave motives to the index: only one composite may weigh them.",
         composites__1=MEAN | {"weights": {"play": "1"}}),
    case("composites[1].low", "Write 1: that is what the weights reach.", composites__1=MEAN | {"low": 0}),
]  # fmt: skip


def test_the_small_instrument_can_be_made() -> None:
    """What the table below breaks is whole before: each fault is the fault of its row."""
    assert made(pocket()).index is not None
    assert made(pocket(composites__1=MEAN)).composites[1].id == "mean"


@pytest.mark.parametrize(("changes", "path", "cure"), FAULTS)
def test_an_impossible_instrument_cannot_be_made(changes: dict[str, object], path: str, cure: str) -> None:
    """The first fault is told with its place in the file and one sentence that cures it."""
    with pytest.raises(InstrumentError) as caught:
        made(pocket(**changes))
    assert (caught.value.path, str(caught.value.cure)) == (path, cure)


@pytest.mark.parametrize(("changes", "path", "cure"), FAULTS)
def test_every_cure_is_said_in_korean(changes: dict[str, object], path: str, cure: str) -> None:
    """No cure is left in English for a Korean reader, and each carries the same facts."""
    with pytest.raises(InstrumentError) as caught:
        made(pocket(**changes))
    korean = caught.value.cure.to("ko")
    assert re.search("[가-힣]", korean), f"{path}: {cure}"
    assert set(re.findall(r"-?\d+", cure)) <= set(re.findall(r"-?\d+", korean))


def test_no_change_in_code_can_make_an_impossible_instrument_either() -> None:
    """The check is the value's own, not the loader's: replacing a part runs it again."""
    instrument = made(pocket())
    with pytest.raises(InstrumentError, match="no scale"):
        msgspec.structs.replace(instrument, items=(msgspec.structs.replace(instrument.items[0], scale="fun"),))
    with pytest.raises(InstrumentError, match="no scale"):
        Instrument.from_json(instrument.to_json().replace('"scale":"play"', '"scale":"fun"'))

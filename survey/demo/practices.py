"""What the demo company's teams do about their results: the register, and a practice of its own (docs/demo.md)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from survey.demo.model import DemoUnit, DemoWave
from survey.services.practices import library, partners, register
from survey.services.practices.register import RHYTHMS, Adoption

DETAILS: Final = {
    "feedback_to_all": ("파트 리더", "weekly", "월요일 아침 회의를 지난주 고객 의견 세 가지를 읽으며 시작합니다."),
    "front_line_days": ("매장 매니저", "monthly", "본사 동료가 한 달에 하루 매장 일을 함께 합니다."),
    "stand_ups": ("당번제", "two_weeks", "상담과 개발이 격주 화요일 10분 동안 서서 이야기합니다."),
    "one_loop": ("상품 기획 담당", "monthly", "상담에서 자주 나온 말을 상품 회의의 첫 안건으로 올립니다."),
    "free_script": ("파트 리더", "", "인사와 마무리만 정해 두고 나머지는 자기 말로 합니다."),
}
"""Who looks after it, how often it is held, and what is done."""
ACROSS: Final = {
    ("stand_ups", "TECH"): "CARE", ("stand_ups", "CARE"): "TECH", ("one_loop", "PROD"): "CARE",
    ("front_line_days", "STORE"): "PROD", ("feedback_to_all", "CARE"): "STORE",
}  # fmt: skip
"""With teams of which department a practice of a department crosses."""
EVERYBODY: Final = ("PROD", "TECH", "CORP")
"""Departments that read customer feedback as a whole, with the first care team."""
ALONE: Final = 3
"""Every third team with such a practice has nobody across yet."""
SLOW: Final = ("one_loop",)
"""Has not been held for long, anywhere."""
OTHERS_SLOW: Final = 7
"""Every seventh of the others has not been held for long."""
OURS: Final = Path(__file__).with_name("practices.toml")
"""What the company has added to the library, as HR would bring it in."""
OURS_IN: Final = ("MKTG-02", "MKTG-04", "CORP-03")
"""Teams that have it."""
LAST: Final = 3
"""The fourth wave, before which it is written down, and one practice ends."""


def take_up(session: Session, wave: DemoWave) -> None:
    """Note what teams have taken up before a wave and is not noted yet."""
    for (unit, practice), since in wave.adopted.items():
        if register.entry(session, unit, practice) is None:
            owner, how_often, done = DETAILS[practice]
            register.adopt(session, Adoption(unit, practice, since, owner, done, how_often))


def before(session: Session, number: int, wave: DemoWave) -> None:
    """Before the last published wave, let the company add a practice of its own, and let one team end one."""
    if number != LAST:
        return
    day = wave.opens_at.date() - dt.timedelta(days=28)
    (ours,) = library.read_file(OURS.read_bytes(), OURS.name)
    library.add(session, [ours], day)
    codes = {unit.code for unit in wave.units}
    for code in codes.intersection(OURS_IN):
        done = "금요일 4시 50분, 한 사람에 1분씩 말합니다."
        register.adopt(session, Adoption(code, ours.id, day, "돌아가며 진행", done, "weekly"))
    over = next(iter(sorted(key for key in wave.adopted if key[1] == "front_line_days")))
    register.end(session, *over, day + dt.timedelta(days=7))


def settle(session: Session, wave: DemoWave, today: dt.date) -> None:
    """Name who takes part besides, note when each practice was last held, and let one of them rest."""
    in_use = [each for each in register.entries(session) if each.state != "ended"]
    for place, adoption in enumerate(in_use):
        for other in _others(wave.units, adoption, place):
            partners.name_partner(session, adoption.unit, adoption.practice, other)
        days = RHYTHMS.get(adoption.how_often, RHYTHMS["monthly"])
        ago = days * 3 if adoption.practice in SLOW or place % OTHERS_SLOW == 0 else (place * 2) % days
        day = max(adoption.since, today - dt.timedelta(days=ago))
        register.held(session, adoption.unit, adoption.practice, day)
    rests = next(each for each in in_use if each.practice == "one_loop")
    register.pause(session, rests.unit, rests.practice)


def _others(units: Sequence[DemoUnit], adoption: Adoption, place: int) -> Iterator[str]:
    department = adoption.unit.split("-")[0]
    other = ACROSS.get((adoption.practice, department))
    if other is None or place % ALONE == ALONE - 1:
        return
    teams = [unit.code for unit in units if unit.parent == other]
    yield teams[place % len(teams)]
    if adoption.practice == "feedback_to_all" and place == 0:
        yield from EVERYBODY

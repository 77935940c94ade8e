"""A company's own version of the default instrument: other words, a question, a scale and a practice more."""

from typing import Final

from survey.instruments.extra import Extra
from survey.instruments.load import source

VERSION: Final = "1.0-lighthouse"
TRICK: Final = "<b>CANARY</b> =1+1 & “so”"
MORE: Final = """
[[scales]]
id = "belonging"
name = { ko = "소속감", en = "Belonging" }
kind = "outcome"

[[scales]]
id = "lamp_watch"
name = { ko = "등불 지키기", en = "Watching the lamp" }
kind = "practice"

[[items]]
id = "belonging_1"
scale = "belonging"
block = "watch"
answers = "frequency"
text = { ko = "나는 이곳에 어울린다고 느꼈다.", en = "I felt that I belong here." }

[[items]]
id = "belonging_2"
scale = "belonging"
block = "watch"
answers = "frequency"
text = { ko = "동료들이 나를 반겼다.", en = "My colleagues were glad to see me." }

[[items]]
id = "lamp_watch"
scale = "lamp_watch"
block = "watch"
answers = "frequency"
text = { ko = "우리 {unit}에서는 등불을 돌아가며 지켰다.", en = "In our {unit}, we took turns at the lamp." }

[[blocks]]
id = "watch"
title = { ko = "등대에서", en = "At the lighthouse" }
intro = { ko = "지난 4주 동안 얼마나 자주 그랬나요?", en = "How often in the last four weeks?" }
"""
TACTICAL: Final = """
[[items]]
id = "tactical_6"
scale = "tactical"
block = "behaviour"
answers = "frequency"
text.ko = "우리 {unit}에서는 정해진 때에 불을 켰다."
text.en = "In our {unit}, we lit the lamp on time."

"""


def variant(version: str = VERSION, play: str = "I do this work because I enjoy it.") -> str:
    """Return the file: another wording of play, six tactical items, a scale and a practice more."""
    text = source("total-motivation").replace('version = "1.0"', f'version = "{version}"', 1)
    text = text.replace("I do this work because I enjoy working on it.", play, 1)
    first_practice = text.index('[[items]]\nid = "feedback_to_all"')
    return text[:first_practice] + TACTICAL.lstrip("\n") + text[first_practice:] + MORE


EXTRAS: Final = (
    Extra("회의가 제때 끝났다.", "Meetings ended on time."),
    Extra("교대할 때 필요한 것을 모두 넘겨받았다.", TRICK),
    Extra(
        "새 도구를 어떻게 골랐는지 알고 있었다.", "I knew how the new tool had been chosen, and whom to ask about it."
    ),
    Extra("바다 날씨를 제때 들었다.", "We were told about the weather at sea in time to do something about it."),
    Extra(
        "급한 일이 생기면 누가 나서는지 분명했다.", "It was clear who steps in when something urgent comes up at night."
    ),
)

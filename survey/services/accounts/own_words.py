"""The words that are tried first on somebody's password: her own, the company's, ours, and what many in Korea type."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy.orm import Session

from survey import models
from survey.services.accounts.keystrokes import keystrokes

PRODUCT: Final = ("survey", "motivation", "totalmotivation", "설문", "설문조사", "동기", "총동기지수")
EVERYDAY: Final = [
    "사랑",
    "사랑해",
    "사랑해요",
    "사랑합니다",
    "안녕",
    "안녕하세요",
    "반갑습니다",
    "비밀번호",
    "비번",
    "암호",
    "대한민국",
    "한국",
    "우리나라",
    "우리",
    "우리집",
    "우리가족",
    "가족",
    "엄마",
    "아빠",
    "아들",
    "친구",
    "행복",
    "행복해",
    "행복하게",
    "행복하세요",
    "감사",
    "감사해요",
    "감사합니다",
    "고마워",
    "고맙습니다",
    "회사",
    "우리회사",
    "직원",
    "사원",
    "대리",
    "과장",
    "차장",
    "부장",
    "팀장",
    "실장",
    "본부장",
    "사장",
    "대표",
    "인사",
    "인사팀",
    "인사부",
    "총무팀",
    "관리자",
    "운영자",
    "담당자",
    "로그인",
    "접속",
    "화이팅",
    "파이팅",
    "아자아자",
    "최고",
    "바보",
    "천사",
    "왕자",
    "공주",
    "하늘",
    "바다",
    "나무",
    "구름",
    "별빛",
    "사람",
    "세상",
    "인생",
    "미래",
    "희망",
    "소망",
    "여름",
    "가을",
    "겨울",
    "오늘",
    "내일",
    "월급",
    "퇴근",
    "출근",
    "커피",
    "강아지",
    "고양이",
    "호랑이",
    "서울",
    "부산",
    "대구",
    "인천",
    "광주",
    "대전",
    "하나님",
    "예수님",
    "축구",
    "야구",
    "컴퓨터",
    "인터넷",
    "모름",
    "모르겠다",
    "나는",
    "너는",
    "여보",
]
"""Words of which many make a password, in Hangul and as the keys that spell them."""
YEARS: Final = tuple(str(year) for year in range(2020, 2050))
"""As zxcvbn, which ends with 2019, knows those before."""
SHORTEST: Final = 3
SHORTEST_HANGUL: Final = 2
HANGUL: Final = re.compile(r"[가-힣]+")
FULL_NAME: Final = 3
"""Syllables of most Korean names, of which the last two are what friends say."""


def own_words(session: Session, email: str, name: str) -> frozenset[str]:
    """Return what belongs to one person and to her company: names and the parts of her address, in small letters."""
    company = session.get(models.Company, 1)
    names = (company.name_ko, company.name_en) if company is not None else ()
    return frozenset(typed(word for text in (email, name, *names) for word in _words(text)))


def typed(words: Iterable[str]) -> Iterator[str]:
    """Yield words, and those of Hangul once more by the keys that spell them."""
    for word in words:
        yield word
        if HANGUL.search(word):
            yield keystrokes(word).lower()


def _words(text: str) -> Iterator[str]:
    """Yield a text, its words, all of them in one, and the given name of a Korean name."""
    whole = unicodedata.normalize("NFC", text).lower()
    parts = re.findall(r"\w+", whole.replace("_", " "))
    for word in {whole, *parts, "".join(parts)}:
        if len(word) >= (SHORTEST_HANGUL if HANGUL.search(word) else SHORTEST):
            yield word
        if HANGUL.fullmatch(word) and len(word) == FULL_NAME:
            yield word[1:]

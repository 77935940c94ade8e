"""Which column of a file is which of ours: by headings we know, by what the company chose before, never by a guess.

What is guessed is only a proposal: it stands on the page where somebody chooses, and counts once it was chosen.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from survey.i18n import LANGUAGES, Refused, Sentence

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "name": ("name", "이름", "성명"),
        "email": ("email", "이메일", "메일", "전자우편", "이메일주소", "메일주소", "emailaddress"),
        "number": ("number", "사번", "직원번호", "사원번호", "personnumber", "employeenumber", "employeeid"),
        "language": ("language", "언어"),
        "unit": ("unit", "부서코드", "unitcode", "조직코드", "소속코드"),
        "parent": ("parent", "상위코드", "상위부서코드", "parentcode", "상위조직코드", "상위소속코드"),
        "unit_name": ("unitname", "부서명", "부서이름", "조직명", "소속명"),
        "unit_name_en": ("unitnameen", "부서영문명", "영문부서명"),
        "kind": ("kind", "부서유형", "유형"),
        "leads": ("leads", "이끄는부서코드", "이끄는부서"),
    }
)
"""What each column may be called, in lower case without spaces, hyphens and underscores; English and Korean first."""
GUESSES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "name": ("성함", "직원명", "사원명", "한글이름", "한글성명", "fullname", "employeename", "employee"),
        "email": ("회사이메일", "회사메일", "전자우편주소", "mail", "companyemail", "workemail"),
        "number": ("직번", "임직원번호", "사원코드", "직원코드", "staffno", "staffid", "personnelnumber", "id", "no"),
        "language": ("사용언어", "선호언어", "안내언어", "lang", "locale"),
        "unit": ("부서id", "deptcode", "departmentcode", "orgcode", "teamcode", "팀코드", "부서", "소속", "조직", "팀"),
        "parent": (
            "상위부서",
            "상위조직",
            "상위소속",
            "상위팀",
            "본부코드",
            "parentunit",
            "parentdepartment",
            "reportsto",
        ),
        "unit_name": (
            "팀명",
            "소속부서명",
            "deptname",
            "departmentname",
            "teamname",
            "부서",
            "소속",
            "팀",
            "department",
        ),
        "unit_name_en": ("부서명영문", "조직명영문", "englishdepartmentname"),
        "kind": ("직군", "직무", "업무유형", "unittype", "function"),
        "leads": ("조직장부서코드", "부서장부서코드", "보직부서코드", "leadof", "manages"),
    }
)
"""What else a column is often called; several of these may mean another column, so somebody has to say yes."""
REQUIRED: Final = ("name", "email", "number", "language", "unit", "parent")
EVERYBODY: Final[Mapping[str, str]] = MappingProxyType({f"={language}": language for language in LANGUAGES})
"""Chosen instead of a heading where the file has no column for languages: everybody gets this one."""
SAMPLES: Final = 3

How = Literal["known", "remembered", "chosen"]
Choice = int | str | None
"""Where a column stands in the file, from 0; or one of `EVERYBODY`; or None where the file has none."""


@dataclass(frozen=True)
class Columns:
    """Where each column stands in a file, from 0, and what is the same for everybody."""

    places: Mapping[str, int]
    everybody: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """How the headings of a file were understood."""

    columns: Columns
    how: Mapping[str, How]
    twice: tuple[str, ...] = ()
    """Headings that mean the same column."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns without which nothing can be read."""
        known = self.columns.places.keys() | self.columns.everybody.keys()
        return tuple(column for column in REQUIRED if column not in known)

    @property
    def clear(self) -> bool:
        """Whether the file can be read without asking anybody."""
        return not self.missing and not self.twice

    def require(self) -> Columns:
        """Return the columns; raises Refused where a heading stands there twice or is missing."""
        if problem := self.problem:
            raise Refused(problem)
        return self.columns

    @property
    def problem(self) -> Sentence | None:
        """Say why the file cannot be read as it is; None where it can."""
        if self.twice:
            return Sentence("Two columns are headed %(heading)s. Keep one of them.", {"heading": self.twice[0]})
        if not self.missing:
            return None
        missing = ", ".join(f"{column} ({HEADINGS[column][1]})" for column in self.missing)
        return Sentence("Row 1 must hold the headings of the columns. Missing: %(missing)s.", {"missing": missing})


def plain(heading: str) -> str:
    """Return a heading as it is compared.

    >>> plain("Unit-Code"), plain(" 상위 코드")
    ('unitcode', '상위코드')
    """
    return re.sub(r"[\s_-]", "", heading.lower())


_KNOWN: Final = {heading: column for column, said in HEADINGS.items() for heading in said}


def match(headings: Sequence[str], remembered: Mapping[str, str]) -> Match:
    """Match the headings of a file by what the company chose before, then by those that we know.

    `remembered` gives the column of a heading, "" for a heading that is left out, or a column for one of `EVERYBODY`.
    """
    kept = {plain(heading): column for heading, column in remembered.items() if column in HEADINGS or not column}
    places: dict[str, int] = {}
    how: dict[str, How] = {}
    twice: list[str] = []
    for place, heading in enumerate(headings):
        said: How = "remembered" if plain(heading) in kept else "known"
        column = kept[plain(heading)] if said == "remembered" else _KNOWN.get(plain(heading), "")
        if not column or (column in how and (how[column], said) == ("remembered", "known")):
            continue
        if how.get(column) == said:
            twice.append(heading)
        places[column], how[column] = place, said
    everybody = {
        column: EVERYBODY[heading] for heading, column in kept.items() if heading in EVERYBODY and column not in places
    }
    return Match(Columns(places, everybody), {**how, **dict.fromkeys(everybody, "remembered")}, tuple(twice))


def chosen(choices: Mapping[str, Choice]) -> Match:
    """Return what somebody chose for each column."""
    places = {column: choice for column, choice in choices.items() if isinstance(choice, int)}
    everybody = {column: EVERYBODY[choice] for column, choice in choices.items() if isinstance(choice, str)}
    return Match(Columns(places, everybody), dict.fromkeys([*places, *everybody], "chosen"))


def remember(headings: Sequence[str], choices: Mapping[str, Choice]) -> dict[str, str]:
    """Return what is kept of a choice for the next file: the column of each heading, "" for one that is left out.

    >>> remember(["성명", "별명", "이름"], {"name": 1, "language": "=ko"})
    {'성명': '', '별명': 'name', '이름': '', '=ko': 'language'}
    """
    columns = {choice: column for column, choice in choices.items() if choice is not None}
    kept = {
        heading: columns.get(place, "")
        for place, heading in enumerate(headings)
        if heading and (place in columns or plain(heading) in _KNOWN)
    }
    return kept | {choice: column for choice, column in columns.items() if isinstance(choice, str)}


def proposals(headings: Sequence[str], rows: Sequence[Sequence[str]], found: Match) -> dict[str, Choice]:
    """Propose a column of the file for each of ours: what was found, then what the headings or the cells sound like."""
    proposed: dict[str, Choice] = dict(found.columns.places)
    proposed |= {column: f"={value}" for column, value in found.columns.everybody.items()}
    free = [place for place in range(len(headings)) if place not in found.columns.places.values()]
    for column, names in GUESSES.items():
        if column in proposed:
            continue
        alike = [place for name in names for place in free if plain(headings[place]) == name]
        if column == "email" and not alike:
            alike = [place for place in free if any("@" in cell for cell in samples(rows, place))]
        if alike:
            proposed[column] = alike[0]
            free.remove(alike[0])
    return proposed


def samples(rows: Sequence[Sequence[str]], place: int) -> tuple[str, ...]:
    """Return the first cells below a heading that hold something."""
    found: list[str] = []
    for cells in rows:
        if place < len(cells) and cells[place]:
            found.append(cells[place])
        if len(found) == SAMPLES:
            break
    return tuple(found)

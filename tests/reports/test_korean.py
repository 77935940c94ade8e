"""Lines of a printed page, read back: where they break."""

import pypdfium2
import pytest

from reports.pdf import print_pdf

SAID = "여러 가지 일하는 이유를 한 숫자로 묶은 값입니다. 일 밖에서 오는 압박은 뺍니다."
NAME = "가나다라마바사아자차카타파하" * 3


def lines(text: str, width: int, language: str = "ko") -> list[str]:
    """Return the lines of a paragraph of `width` pixels."""
    page = f'<html lang="{language}"><head><title>x</title></head><p style="width:{width}px">{text}</p></html>'
    document = pypdfium2.PdfDocument(print_pdf(f"<!DOCTYPE html>{page}", {}, "x", "2026-09-14"))
    found = document[0].get_textpage().get_text_bounded().splitlines()
    return [line.strip() for line in found if line.strip() and "/" not in line]


@pytest.mark.parametrize("width", [60, 90, 130, 200, 330])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_korean_word_is_broken(width: int, language: str) -> None:
    """However narrow the column, a line ends where a word does, and no word is lost; names in English text as well."""
    found = lines(SAID, width, language)
    assert len(found) > 1
    assert " ".join(found).split() == SAID.split()


def test_a_name_that_fits_on_no_line_may_break() -> None:
    """A name without spaces fills lines instead of running out of its column; what stands beside it is kept whole."""
    found = lines(f"우리 {NAME} 팀입니다.", 100)
    assert "".join(found).replace(" ", "") == f"우리{NAME}팀입니다."
    assert max(len(line) for line in found) <= 12
    assert found[0] == "우리"


def test_an_address_and_an_inner_mark_up_change_nothing() -> None:
    """Words keep whole around bold print and brackets."""
    found = lines("<b>첫걸음</b> 다음 주에 원하는 사람 한 명이 현장 일을 함께(하루 반나절) 합니다.", 110)
    said = "첫걸음 다음 주에 원하는 사람 한 명이 현장 일을 함께(하루 반나절) 합니다."
    assert " ".join(found).split() == said.split()

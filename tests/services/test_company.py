from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.services.company import Company, company, set_company

FACTS = Company("등대상사", "Lighthouse Trading", "en", "store", time_zone="Europe/Berlin", second_step="hr")


def test_a_company_is_named_and_renamed(session: Session) -> None:
    """There is one company; naming it again renames it."""
    set_company(session, FACTS)
    set_company(session, replace(FACTS, name_en=" Lighthouse "))
    assert company(session) == replace(FACTS, name_en="Lighthouse")
    assert (company(session).name("ko"), company(session).name("en")) == ("등대상사", "Lighthouse")


def test_without_a_company_the_command_to_run_is_told(session: Session) -> None:
    """Nothing works before a company is named, and the sentence says how that is done."""
    with pytest.raises(Refused, match="Run: survey init"):
        company(session)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (replace(FACTS, name_ko=" "), "1 to 200 characters"),
        (replace(FACTS, name_en="x" * 201), "1 to 200 characters"),
        (replace(FACTS, language="fr"), "ko or en"),
        (replace(FACTS, unit_word="squad"), "team, store or department"),
        (replace(FACTS, second_step="sometimes"), "everybody, hr or nobody"),
        (replace(FACTS, time_zone="Asia/Atlantis"), "Asia/Seoul"),
    ],
)
def test_facts_that_no_page_could_show_are_refused(session: Session, wrong: Company, sentence: str) -> None:
    """A name that is empty or too long, an unknown language or word has its sentence."""
    with pytest.raises(Refused, match=sentence):
        set_company(session, wrong)

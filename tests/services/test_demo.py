from collections import Counter
from collections.abc import Iterator

import pytest

from survey.database import reading
from survey.demo.fill import roster_csv
from survey.demo.model import LARGEST, SMALLEST, DemoWave, waves
from survey.instruments.load import DEFAULT, builtin
from survey.privacy.before_after import afterwards
from survey.privacy.beside import outcomes_beside
from survey.privacy.released import Released, Suppressed
from survey.privacy.thaw import Publication
from survey.services.publication import publication
from survey.services.roster import people
from survey.services.waves import waves as wave_services
from tests.demo_company import NOW, DemoCompany, demo_company

PAST = ("2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoCompany]:
    """Give the demo company."""
    with demo_company(tmp_path_factory.mktemp("demo")) as filled:
        yield filled


@pytest.fixture(scope="module")
def story() -> list[DemoWave]:
    """Give what the model says, before anything is kept."""
    return list(waves(builtin(DEFAULT), NOW))


@pytest.fixture(scope="module")
def published(company: DemoCompany) -> dict[str, Publication]:
    """Give the demo's publications by wave."""
    with reading(company.engine) as session:
        return {code: publication.publication(session, code) for code in PAST}


def test_the_model_is_the_same_every_time(story: list[DemoWave]) -> None:
    """The same seed gives the same company, so that documented numbers can be looked up again."""
    assert list(waves(builtin(DEFAULT), NOW)) == story
    assert list(waves(builtin(DEFAULT), NOW, seed=1)) != story


def test_the_company_has_its_promised_size(story: list[DemoWave]) -> None:
    """About 1,200 people, three levels, about 120 teams of 3 to 15."""
    first = story[0]
    teams = Counter(person.unit for person in first.people if "-" in person.unit)
    assert 1100 <= len(first.people) <= 1300
    assert 110 <= len(teams) <= 130
    assert SMALLEST <= min(teams.values()) <= max(teams.values()) <= LARGEST


def test_people_stay_away_skip_and_answer_carelessly(story: list[DemoWave]) -> None:
    """Non-response, skipped questions and straight lines are in the data, as in every real survey."""
    for wave in story:
        assert 0.7 < len(wave.answers) / len(wave.people) < 0.85
        values = [list(given.values()) for given in wave.answers.values()]
        skipped = sum(each.count(None) for each in values) / sum(map(len, values))
        assert 0.005 < skipped < 0.02
        assert any(len({value for value in each if value}) == 1 for each in values)


def test_a_reorganisation_moves_one_team_and_merges_another(story: list[DemoWave]) -> None:
    """Before the third wave, a team changes its department and two crews become one."""
    before, after = ({unit.code: unit.parent for unit in wave.units} for wave in (story[1], story[2]))
    assert before.keys() - after.keys() == {"LOGI-16"}
    assert {code for code, parent in after.items() if before[code] != parent} == {"TECH-12"}


def test_the_demo_rosters_are_ones_that_hr_could_upload(story: list[DemoWave]) -> None:
    """Each wave's roster is read without an error."""
    for wave in story:
        assert len(people.read_roster(roster_csv(wave), "roster.csv").people) == len(wave.people)


def test_every_answer_of_the_model_is_kept(
    company: DemoCompany, story: list[DemoWave], published: dict[str, Publication]
) -> None:
    """Nothing is lost and nothing is counted twice on the way from the model to the publication."""
    assert len(company.said) == len(story)
    for wave in story[:-1]:
        quality = published[wave.code].quality.value
        assert quality.received == len(wave.answers)
        assert quality.received == quality.counted + quality.set_aside


def test_four_waves_are_published_and_one_is_open(company: DemoCompany) -> None:
    """The demo shows a history, and a wave in which one can answer, close and publish."""
    with reading(company.engine) as session:
        states = {wave.code: wave.state for wave in wave_services.waves(session)}
    assert states == {**dict.fromkeys(PAST, "published"), "2026-Q4": "open"}


def test_hidden_units_say_why(published: dict[str, Publication]) -> None:
    """Every unit of every wave shows its figures or says small or complementary; both kinds occur."""
    reasons: Counter[str] = Counter()
    for each in published.values():
        for unit in each.units:
            match unit.figures:
                case Released(value=figures):
                    assert figures.n >= each.policy.k
                case Suppressed(reason=reason):
                    reasons[reason] += 1
    assert reasons["small"]
    assert reasons["complementary"]


def test_publications_are_marked_as_demo(published: dict[str, Publication]) -> None:
    """No demo number can be taken for a real one."""
    assert all(each.wave.demo for each in published.values())


def test_the_truth_of_the_model_shows(published: dict[str, Publication]) -> None:
    """Customer care is less motivated than technology, and the link is with adaptive performance, as was put in."""
    last = published["2026-Q3"]
    index = {}
    for code in ("CARE", "TECH"):
        figures = last.unit(code).figures
        assert isinstance(figures, Released)
        index[code] = figures.value.index
    assert index["CARE"].high is not None
    assert index["TECH"].low is not None
    assert index["CARE"].high < index["TECH"].low
    link = last.link.value
    assert getattr(link, "finding", None) == "more with adaptive"


def test_letters_of_the_open_wave_lie_in_the_home(company: DemoCompany) -> None:
    """Letters became files, one for each person with e-mail; people without get printed codes."""
    letters = list((company.settings.home / "letters").iterdir())
    with reading(company.engine) as session:
        with_email = sum(person.email is not None for person in people.people_today(session))
    assert len(letters) == with_email
    assert len(company.sign_ins["codes"].split()) >= 3


def test_outcomes_stand_beside_motives(published: dict[str, Publication]) -> None:
    """Satisfaction, declared before the first wave, has a coefficient; turnover is drawn; the newest wave waits."""
    waves = tuple(published.values())
    for code in PAST[:-1]:
        satisfaction, turnover = outcomes_beside(published[code], waves)
        assert satisfaction.declared_on
        assert satisfaction.coefficient is not None
        assert turnover.drawn
        assert turnover.coefficient is None
    assert [each.period for each in outcomes_beside(published[PAST[-1]], waves)] == ["", ""]


def test_practices_say_what_came_after(published: dict[str, Publication]) -> None:
    """Some are too early to say, and of one there is enough to say something; marks stand on two trends."""
    found = {each.practice: each for each in afterwards(tuple(published.values()))}
    assert found["one_loop"].verdict == "too early to say"
    assert found["front_line_days"].verdict == "moved apart before"
    assert sum(len(unit.marks) for unit in published[PAST[-1]].units) == 2

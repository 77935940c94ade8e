"""The questionnaire as pages: rendered once for each instrument and language, filled in for each request."""

from collections.abc import Mapping
from functools import lru_cache

from flask import render_template
from markupsafe import Markup, escape

from survey.forms.questionnaire import COMMENT, Questionnaire
from survey.forms.steps import Step, steps
from survey.forms.wording import in_words
from survey.i18n import Sentence, catalogue
from survey.instruments.comments import LONGEST
from survey.instruments.model import Instrument, Item
from survey.services.company import Company
from survey.services.waves.frozen_promise import Promise
from survey.web.responses.sheets import Sheet, place

WELCOME, LIST, REVIEW, SEND = "welcome", "list", "review", "send"


class Paper:
    """All pages of one wave's questionnaire in one language. The language is that of the request that makes it."""

    def __init__(
        self, instrument: Instrument, items: tuple[Item, ...], language: str, frame: Mapping[str, object]
    ) -> None:
        self.instrument, self.items, self.language, self._frame = instrument, items, language, frame
        self.steps = steps(instrument, items)
        self.in_profile = instrument.asked()
        """What a profile is worked out from: practices are no motives."""
        self._sheets: dict[tuple[str, object], Sheet] = {}

    def step(self, name: str) -> Step | None:
        """Return the step of this name, if there is one."""
        return next((step for step in self.steps if step.name == name), None)

    def knows(self, name: str) -> bool:
        """Tell whether this is one of its pages."""
        return name in {WELCOME, LIST, REVIEW} or self.step(name) is not None

    def welcome(self, promise: Promise, digest: str) -> Sheet:
        """Return the page before the first question: what is promised, and what is not, as it was frozen."""
        return self._sheet(WELCOME, digest, promise=promise, digest=digest)

    def thanks(self, *, carries: bool) -> Sheet:
        """Return the page that thanks her, with the way to her profile if her answers go along."""
        return self._sheet("thanks", carries, carries=carries)

    def page(self, name: str) -> Sheet:
        """Return a step, the list of all questions, or the page that looks the answers over."""
        step = self.step(name)
        if step is None:
            return self._sheet(name)
        return self._sheet("step", step.number, step=step, previous=self._near(step, -1), following=self._near(step, 1))

    def shown(self, name: str) -> frozenset[str]:
        """Return the names of the fields that a page asks; all others travel hidden."""
        if name == LIST:
            return frozenset({*(item.id for item in self.items), COMMENT})
        step = self.step(name)
        return frozenset() if step is None else frozenset(item.id for item in step.items) or frozenset({COMMENT})

    def labels(self, item: Item) -> dict[int, str]:
        """Return the labels of an item's numbers, lowest first."""
        scale = self.instrument.answer_scale(item)
        marks = scale.labels if scale else {}
        return {value: marks[str(value)][self.language] for value in sorted(map(int, marks))}

    def said(self, item: Item, answer: int | None) -> Markup:
        """Return an answer in words for the page that looks the answers over."""
        if answer is None:
            return Markup('<p class="none">{}</p>').format(_("Skipped", self.language))
        scale = self.instrument.answer_scale(item)
        words = in_words(item, scale, answer, self.language) if scale else ""
        return Markup('<p class="given"><span class="value">{}</span>{}</p>').format(answer, words)

    def _near(self, step: Step, by: int) -> str:
        at = step.number - 1 + by
        return WELCOME if at < 0 else REVIEW if at == len(self.steps) else self.steps[at].name

    def _sheet(self, template: str, variant: object = None, **facts: object) -> Sheet:
        if (template, variant) not in self._sheets:
            step = facts.get("step")
            page = render_template(
                f"responses/{template}.html",
                **self._frame,
                **facts,
                at=step.name if isinstance(step, Step) else template,
                place=place,
                instrument=self.instrument,
                blocks=[block for block, _items in self.instrument.in_blocks(self.items)],
                steps=self.steps,
                total=len(self.items),
                total_steps=len(self.steps),
                labels={item.id: self.labels(item) for item in self.items},
                longest_comment=LONGEST,
            )
            self._sheets[template, variant] = Sheet(page)
        return self._sheets[template, variant]


@lru_cache(maxsize=16)
def paper(
    instrument: Instrument,
    practices: tuple[str, ...],
    company: Company,
    language: str,
    *,
    rehearsal: bool = False,
) -> Paper:
    """Return the pages of a wave's questionnaire, made at the first call."""
    frame = {"whose": company.name(language), "demo": company.demo, "rehearsal": rehearsal}
    return Paper(instrument, instrument.asked(practices), language, frame)


def filled(paper: Paper, name: str, form: Questionnaire) -> dict[str, str]:
    """Return what stands in the places of a page: her answers, hidden where the page does not ask them."""
    shown, answers, typed = paper.shown(name), form.answers(), form[COMMENT].data or ""
    values: dict[str, str] = {f"{item_id}={answer}": Markup(" checked") for item_id, answer in answers.items()}
    values |= {f"{item_id}=": Markup(" checked") for item_id in form.skipped()}
    values |= {f"given-{item.id}": paper.said(item, answers.get(item.id)) for item in paper.items if name == REVIEW}
    carried = {item_id: str(answer) for item_id, answer in answers.items() if item_id not in shown}
    if typed and COMMENT not in shown:
        carried[COMMENT] = typed
    given = Markup('<p class="given">{}</p>').format(typed) if typed else paper.said(paper.items[0], None)
    return values | {"carried": hidden(carried), COMMENT: escape(typed), "given-comment": given}


def hidden(fields: Mapping[str, str]) -> Markup:
    """Return hidden fields."""
    # Markup.format reads its pattern anew for each field, which costs more than all else on the page.
    made = (f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields.items())
    return Markup("".join(made))  # noqa: S704 - every name and value is escaped


def troubles(paper: Paper, form: Questionnaire) -> dict[str, str]:
    """Return what stands in the places where something cannot be taken as it is: what it is, and what to do."""
    problems = {name: sentence.to(paper.language) for name, sentence in form.problems().items()}
    if not problems and not form.strangers:
        return {}
    values: dict[str, str] = {}
    for name, problem in problems.items():
        described = f"problem-{name}" if name != COMMENT else "problem-comment comment-help"
        values[f"bad-{name}"] = Markup(' data-bad aria-describedby="{}"').format(described)
        values[f"problem-{name}"] = Markup('<p class="problem" id="problem-{}">{}</p>').format(name, problem)
    link = Markup('<li><a href="#{}">{}</a></li>')
    lines = [link.format(name, problem) for name, problem in problems.items()]
    if form.strangers:
        stranger = Sentence("The page sent answers to questions that this survey does not ask. They are left out.")
        lines.append(Markup("<li>{}</li>").format(stranger.to(paper.language)))
    title = _("Something needs another look; everything else is kept.", paper.language)
    values["notice"] = Markup('<div class="notice" role="alert" tabindex="-1"><h2>{}</h2><ul>{}</ul></div>').format(
        title, Markup("").join(lines)
    )
    return values


def _(text: str, language: str) -> str:
    return catalogue(language).gettext(text)

"""The page: its head, with a policy that lets nothing in, its sections in order of use, and how it was made."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files

from casescreen.evaluate.case_summary import CaseSummary, case_summaries
from casescreen.model.outcome import Outcome
from casescreen.model.screening import Screening, Summary
from casescreen.report.blocks import Block, Column, Heading, Item, Outline, Paragraph
from casescreen.report.formats.html.cases import case_sections
from casescreen.report.formats.html.markup import (
    Content,
    Html,
    Ids,
    blocks,
    join,
    outcome_label,
    section,
    summary_list,
    table,
    tag,
)
from casescreen.report.formats.html.summary import GROUPS, groups, needs_attention, stands_out, themes
from casescreen.report.formats.registry import By, Options
from casescreen.report.sections.overview import about, overview
from casescreen.report.wording import (
    OUTCOMES_MEAN,
    SHORT_HASH,
    bands_in_words,
    first,
    provenance,
    text_not_shown,
    title_of_report,
)
from casescreen.text import counted, in_words

_LIMITS = (
    "It sees only what the record says. What was done and not recorded is not counted as a failure, nor as done.",
    "Whether work was good enough is a reader's judgement. The rules hold facts against the answer; they do not judge.",
    "k of n counts only what was met or not met. Every other outcome is counted beside it.",
    "It is a screening to work from, not an inspection, and claims no authority.",
)


def method(ids: Ids, screening: Screening) -> Html:
    """The method and its limits, every parameter with its status and source, and the hashes."""
    return section("method", "Method, limits and parameters", blocks(ids, _told(screening)))


def _told(screening: Screening) -> Iterator[Block]:
    rulebook = screening.rulebook
    yield Paragraph(rulebook.about)
    yield Heading("Limits")
    yield Outline(tuple(Item(limit) for limit in _LIMITS))
    if screening.problems:
        yield Heading("Records that could be read and not screened")
        yield Outline(
            tuple(Item(f"{problem.place}: {problem.what}. {problem.advice}") for problem in screening.problems)
        )
    if hint := text_not_shown(screening.quoting):
        yield Paragraph(hint)
    yield from provenance(screening)
    yield Paragraph(bands_in_words(rulebook.bands))
    yield Heading("Sources")
    yield Outline(tuple(Item(". ".join(filter(None, (one.title, one.note)))) for one in rulebook.documents.values()))


def glossary(ids: Ids, screening: Screening) -> Html:
    """The six outcomes, with how many findings came to each."""
    about = tag("p", "Every finding comes to one of six outcomes.")
    columns = (Column("Outcome"), Column("What it means"), Column("Findings", figures=True))
    made = table(ids, "The six outcomes", columns, (_outcome(screening, outcome) for outcome in Outcome))
    return section("glossary", "What the outcomes mean", about, made)


def _outcome(screening: Screening, outcome: Outcome) -> tuple[Content, ...]:
    count = sum(finding.outcome is outcome for finding in screening.findings)
    return (outcome_label(outcome), OUTCOMES_MEAN[outcome], f"{count:,}")


_CONTENTS = (
    ("attention", "What needs attention first"),
    ("together", "Strengths, areas and patterns"),
    ("themes", "How each theme came out"),
    ("groups", GROUPS),
    ("cases", "Case by case, the worst first"),
    ("method", "Method, limits and parameters"),
    ("glossary", "What the outcomes mean"),
)


def render(result: Summary, options: Options) -> str:
    """The report as a page that is whole in itself."""
    if not isinstance(result, Screening):
        return _without_cases(result, options)
    title = f"{result.rulebook.title}, as at {in_words(result.as_of)}"
    return document(title, _body(result, options), _beside("filters.js"))


def document(title: str, content: Html, script: str = "") -> str:
    """A page with its style, and a policy that lets in nothing but that and the script."""
    style = _beside("page.css")
    head = join(
        (
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="referrer", content="no-referrer"),
            tag("title", title),
            tag("style", Html(style)),
        ),
        "\n",
    )
    scripts = (Html("\n"), tag("script", Html(script))) if script else ()
    body = tag("body", content, *scripts)
    page = tag("html", Html("\n"), tag("head", Html("\n"), head), Html("\n"), body, lang="en-GB")
    return f"<!DOCTYPE html>\n{page.text}\n"


def _beside(name: str) -> str:
    return files("casescreen.report.formats.html").joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _policy(style: str, script: str) -> str:
    scripts = f"'{_digest(script)}'" if script else "'none'"
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src {scripts}; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _body(screening: Screening, options: Options) -> Html:
    ids, cases = Ids(), case_summaries(screening)
    shown, more = first(cases, options.most)
    places = {case.id: ids.new("case") for case in shown}
    sections = (
        needs_attention(ids, screening.rulebook, cases, places, options.most),
        stands_out(ids, screening, options.most),
        themes(ids, screening),
        groups(ids, screening, cases, options),
        case_sections(ids, screening, shown, places, more),
        method(ids, screening),
        glossary(ids, screening),
    )
    parts = (
        Html(""),
        tag("a", "Skip to main content", href="#main", class_="skip"),
        tag("header", _heading(screening, cases)),
        tag("nav", _contents(options), aria_labelledby="contents"),
        tag("main", Html("\n"), join((one for one in sections if one.text), "\n"), id="main", tabindex="-1"),
        tag("footer", tag("p", _foot(screening))),
    )
    return join(parts, "\n")


def _heading(screening: Screening, cases: tuple[CaseSummary, ...]) -> Html:
    title = tag("h1", f"{screening.rulebook.title} (version {screening.rulebook.version})")
    urgent = sum(bool(case.actions) for case in cases)
    wanting = sum(case.needs_attention for case in cases)
    undecided = sum(len(case.undecided) for case in cases)
    figures = summary_list(
        (
            ("Act now", counted(urgent, "case")),
            ("Need attention", counted(wanting, "case")),
            ("Cannot be told yet", counted(undecided, "finding")),
        )
    )
    return tag("div", title, tag("p", about(screening), class_="lead"), figures, class_="page")


def _contents(options: Options) -> Html:
    shown = (one for one in _CONTENTS if one[0] != "groups" or options.by is not By.THEME)
    links = join((tag("li", tag("a", title, href=f"#{place}")) for place, title in shown), "\n")
    return tag("div", tag("h2", "Contents", id="contents"), tag("ol", links), class_="page")


def _foot(screening: Screening) -> str:
    rulebook = screening.rulebook
    return (
        f"Rulebook {rulebook.id}, version {rulebook.version}, hash {rulebook.hash[:SHORT_HASH]}. "
        f"Cases hash {screening.cases_hash[:SHORT_HASH]}. It may hold personal data: keep it as you keep case records."
    )


def _without_cases(result: Summary, options: Options) -> str:
    """A page of figures, without script."""
    heading, said, left_out, *rest = overview(result, options)
    head = tag("div", blocks(Ids(), (heading,), level=1), blocks(Ids(), (said, left_out)), class_="page")
    body = join(
        (
            Html(""),
            tag("a", "Skip to main content", href="#main", class_="skip"),
            tag("header", head),
            tag("main", Html("\n"), blocks(Ids(), rest, level=2), id="main", tabindex="-1"),
        ),
        "\n",
    )
    kind = "a copy to share" if result.suppressed_under else "figures"
    return document(f"{title_of_report(result)}, as at {in_words(result.as_of)}: {kind}", body)

"""The page: its head, with a policy that lets nothing in, its sections in order of use, and how it was made."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.resources import files

from casescreen.evaluate.case_summary import CaseSummary, case_summaries
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Screening, Summary
from casescreen.report.blocks import Block, Column, Heading, Item, Outline, Paragraph
from casescreen.report.formats.html.cases import case_sections
from casescreen.report.formats.html.markup import (
    Content,
    Html,
    Ids,
    bar,
    blocks,
    join,
    outcome_label,
    section,
    summary_list,
    table,
    tag,
)
from casescreen.report.formats.registry import By, Options
from casescreen.report.sections.cases import assumed, check_the_record, left_out, serious_and_not_shown
from casescreen.report.sections.conclusions import conclusion_blocks
from casescreen.report.sections.overview import about, closing_words, grouped, overview, worst_of
from casescreen.report.wording import (
    BESIDE,
    OUTCOMES_MEAN,
    SHORT_HASH,
    and_more,
    bands_in_words,
    figure,
    first,
    k_of_n,
    legend,
    proportion_in_words,
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
_CASE_COLUMNS = (
    Column("Case", whole=True),
    Column("Owner", whole=True),
    Column("The worst of it"),
    Column("Act now", figures=True),
    Column("Not met", figures=True),
    Column("Look again", figures=True),
    Column("Cannot be told", figures=True),
)
_THEME_COLUMNS = (
    Column("Criterion"),
    Column("Bar"),
    Column("Met", figures=True),
    Column("Proportion"),
    *(Column(title, figures=True) for title, _ in BESIDE.values()),
)


def render(result: Summary, options: Options) -> str:
    """The report as a page that is whole in itself."""
    if not isinstance(result, Screening):
        return _without_cases(result, options)
    title = f"{result.rulebook.title}, as at {in_words(result.as_of)}"
    return _document(title, _body(result, options), _beside("filters.js"))


def _without_cases(result: Summary, options: Options) -> str:
    """A page of figures, without script."""
    heading, about_it, left_out, *rest = overview(result, options)
    head = tag("div", blocks(Ids(), (heading,), level=1), blocks(Ids(), (about_it, left_out)), class_="page")
    kind = "a copy to share" if result.suppressed_under else "figures"
    title = f"{title_of_report(result)}, as at {in_words(result.as_of)}: {kind}"
    return _document(title, (tag("header", head), _main(blocks(Ids(), rest, level=2))))


def _document(title: str, body: Iterable[Html], script: str = "") -> str:
    """A page with its style, and a policy that lets in nothing but that and the script."""
    style = _beside("page.css")
    scripts_allowed = _digest(script) if script else "'none'"
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {scripts_allowed}; "
        "base-uri 'none'; form-action 'none'"
    )
    head = (
        Html(""),
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        tag("style", Html(style)),
    )
    skip = tag("a", "Skip to main content", href="#main", class_="skip")
    scripts = (Html("\n"), tag("script", Html(script))) if script else ()
    whole = tag("body", join((Html(""), skip, *body), "\n"), *scripts)
    page = tag("html", Html("\n"), tag("head", join(head, "\n")), Html("\n"), whole, lang="en-GB")
    return f"<!DOCTYPE html>\n{page.text}\n"


def _beside(name: str) -> str:
    return files("casescreen.report.formats.html").joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _digest(text: str) -> str:
    """What a policy knows a style or script by."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _main(content: Html) -> Html:
    return tag("main", Html("\n"), content, id="main", tabindex="-1")


def _body(screening: Screening, options: Options) -> Iterator[Html]:
    ids, cases, rulebook = Ids(), case_summaries(screening), screening.rulebook
    shown, more = first(cases, options.most)
    places = {case.id: ids.new("case") for case in shown}
    sections = [
        ("attention", "What needs attention first", needs_attention(ids, rulebook, cases, places, options.most)),
        (
            "records",
            "What the records do not show, and what to check in them",
            blocks(ids, _records(screening, options)),
        ),
        ("together", "Strengths, areas and patterns", stands_out(ids, screening, options.most)),
        ("themes", "How each theme came out", themes(ids, screening)),
    ]
    if options.by is not By.THEME:  # in the words of the other formats
        sections.append(("groups", "How the figures are shared out", blocks(ids, grouped(screening, cases, options))))
    sections += [
        ("cases", "Case by case, the worst first", case_sections(ids, screening, shown, places, more)),
        ("method", "Method, limits and parameters", blocks(ids, _method(screening))),
        ("glossary", "What the outcomes mean", _glossary(ids, screening)),
    ]
    figures = (
        ("Act now", counted(sum(bool(case.actions) for case in cases), "case")),
        ("Need attention", counted(sum(case.needs_attention for case in cases), "case")),
        ("Cannot be told yet", counted(sum(len(case.undecided) for case in cases), "finding")),
    )
    lead = tag("p", about(screening), class_="lead")
    head = tag("div", tag("h1", title_of_report(screening)), lead, summary_list(figures), class_="page")
    links = (tag("li", tag("a", title, href=f"#{identity}")) for identity, title, _ in sections)
    contents = tag("div", tag("h2", "Contents", id="contents"), tag("ol", join(links, "\n")), class_="page")
    yield tag("header", head)
    yield tag("nav", contents, aria_labelledby="contents")
    yield _main(join((section(*each) for each in sections), "\n"))
    made_with = (
        f"Rulebook {rulebook.id}, version {rulebook.version}, hash {rulebook.hash[:SHORT_HASH]}. "
        f"Cases hash {screening.cases_hash[:SHORT_HASH]}. It may hold personal data: keep it as you keep case records."
    )
    yield tag("footer", tag("p", made_with))


def _records(screening: Screening, options: Options) -> Iterator[Block]:
    """What was left out, what would be serious and is not shown, and what is wrong or unusual in the data."""
    cases = case_summaries(screening)
    parts = [
        *left_out(screening),
        *serious_and_not_shown(screening, cases, screening.rulebook, options.most),
        *check_the_record(screening, options.most),
        *assumed(screening, options.most),
    ]
    yield from parts or [Paragraph("Nothing.")]


def _method(screening: Screening) -> Iterator[Block]:
    """The method and its limits, every parameter with its status and source, and the hashes."""
    rulebook = screening.rulebook
    yield Paragraph(rulebook.about)
    yield Heading("Limits")
    yield Outline(tuple(Item(limit) for limit in _LIMITS))
    if hint := text_not_shown(screening.quoting):
        yield Paragraph(hint)
    yield from provenance(screening)
    yield Paragraph(bands_in_words(rulebook.bands))
    yield Heading("Sources")
    yield Outline(tuple(Item(". ".join(filter(None, (one.title, one.note)))) for one in rulebook.documents.values()))


def _glossary(ids: Ids, screening: Screening) -> Html:
    """The six outcomes, with how many findings came to each."""
    columns = (Column("Outcome"), Column("What it means"), Column("Findings", figures=True))
    counts = Counter(finding.outcome for finding in screening.findings)
    rows = ((outcome_label(outcome), OUTCOMES_MEAN[outcome], f"{counts[outcome]:,}") for outcome in Outcome)
    parts = (tag("p", "Every finding comes to one of six outcomes."), table(ids, "The six outcomes", columns, rows))
    return join(parts, "\n")


def needs_attention(
    ids: Ids, rulebook: Rulebook, cases: Sequence[CaseSummary], places: Mapping[str, str], most: int
) -> Html:
    """The cases with something to act on, the worst first; ``places`` are the ids of their sections."""
    shown, more = first((case for case in cases if case.needs_attention), most)
    parts = [tag("p", closing_words(cases), class_="inset")]
    if shown:
        rows = (
            (
                tag("a", case.id, href=f"#{places[case.id]}") if case.id in places else case.id,
                case.manager or "not recorded",
                worst_of(case, rulebook),
                *(figure(len(each)) for each in (case.actions, case.failed, case.doubted, case.undecided)),
            )
            for case in shown
        )
        parts.append(table(ids, "Cases that need attention, the worst first", _CASE_COLUMNS, rows))
        parts.append(tag("p", and_more(more, "case")) if more else Html(""))
    return join(parts, "\n")


def stands_out(ids: Ids, screening: Screening, most: int) -> Html:
    """Actions, strengths, areas and patterns across the cases."""
    conclusions = tuple(conclusion_blocks(screening, most))
    return blocks(ids, conclusions or (Paragraph("Nothing was concluded on the cases together."),))


def themes(ids: Ids, screening: Screening) -> Html:
    """The criteria by theme, in the rulebook's order."""
    about = (
        f"Each bar shows how many of the cases that were met or not met were met. In the columns, {legend()}. "
        "A dash means none."
    )
    criteria, parts = screening.rulebook.criterion, [tag("p", about)]
    for theme in screening.rulebook.themes:
        rows: list[tuple[Content, ...]] = [
            (
                criteria[rate.criterion].title,
                bar(rate.met, rate.of),
                k_of_n(rate.met, rate.of),
                proportion_in_words(rate.met, rate.of) if rate.of else "",
                *(figure(rate.counts[outcome]) for outcome in BESIDE),
            )
            for rate in screening.rates
            if criteria[rate.criterion].theme == theme.id
        ]
        heading, caption = tag("h3", theme.title), f"{theme.title}: criteria"
        parts.append(join((heading, table(ids, caption, _THEME_COLUMNS, rows)), "\n") if rows else Html(""))
    return join(parts, "\n")

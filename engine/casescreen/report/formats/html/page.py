"""The report as a page: plain values for its templates, and a policy that lets nothing in."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from itertools import takewhile

from attrs import evolve
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from casescreen.evaluate.case_summary import CaseSummary, case_summaries
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Bands, Scope
from casescreen.model.screening import Conclusion, Rate, Screening, Summary
from casescreen.report.at_a_glance import at_a_glance
from casescreen.report.blocks import Block, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.formats.html import charts
from casescreen.report.formats.html.behind_figures import (
    CaseGroup,
    PageLinks,
    behind_criteria,
    behind_states,
    link,
    page_links,
)
from casescreen.report.formats.html.cases import WORST_FIRST, case_parts, matrix_rows, outcome_key
from casescreen.report.formats.registry import By, Options
from casescreen.report.sections.accepted import accepted_actions, accepted_blocks, start_of, waiver_notes, with_marks
from casescreen.report.sections.cases import assumed, check_the_record, left_out, serious_and_not_shown
from casescreen.report.sections.conclusions import TITLES, conclusion_item
from casescreen.report.sections.overview import about, closing_words, grouped, overview, sample_part
from casescreen.report.sections.signed_by import signed_note, signed_sentence
from casescreen.report.wording import (
    BESIDE,
    OUTCOMES_MEAN,
    SHORT_HASH,
    bands_in_words,
    figure,
    k_of_n,
    legend,
    proportion_in_words,
    provenance,
    text_not_shown,
    title_of_report,
)
from casescreen.text import counted, in_words, single_line

_HOME = "casescreen.report.formats.html"
_TOGETHER = 8
"""How many bars stand in one chart: columns break between charts."""
_OPEN_AT_MOST = 60
"""Of how many cases the matrix is open from the start."""


def render(result: Summary, options: Options) -> str:
    """The report as a page that is whole in itself."""
    if isinstance(result, Screening):
        cases = case_summaries(result)
        links = page_links(result, cases)
        values = _common(result, links) | _of_screening(result, cases, links, options)
        return document("screening.html", "filters.js", values)
    return document("figures.html", "", _common(result, None) | _of_figures(result, options))


def document(template: str, script: str, values: dict[str, object], styles: Iterable[str] = ()) -> str:
    """A page with its style and script, and a policy that lets in nothing but these.

    Args:
        template: the file of the page.
        script: the file of its script; "" for none.
        values: what stands in it.
        styles: files of style beside that of every page.
    """
    more = (*styles, "changes.css") if values.get("changes") else styles
    style = "".join(map(_beside, ("page.css", *more)))
    program = _beside(script) if script else ""
    scripts_allowed = _digest(program) if program else "'none'"
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {scripts_allowed}; "
        "base-uri 'none'; form-action 'none'"
    )
    head = {"policy": policy, "style": Markup(style), "script": Markup(program)}  # noqa: S704 - files of ours
    return _environment().get_template(template).render(values | head)


@cache
def _environment() -> Environment:
    """Templates in which every value is escaped, is safe to print, and has to be there."""
    made = Environment(
        loader=PackageLoader(_HOME),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: value if isinstance(value, Markup) else single_line(str(value)),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["others_mark"] = charts.others_mark
    made.filters |= {"counted": counted, "in_words": in_words, "sign": charts.key, "band_mark": charts.band_mark}
    kinds = {"heading": Heading, "paragraph": Paragraph, "outline": Outline, "grid": Grid}
    made.tests |= {name: kind.__instancecheck__ for name, kind in kinds.items()}
    return made


def _beside(name: str) -> str:
    return files(_HOME).joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _digest(text: str) -> str:
    """What a policy knows a style or script by."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _common(result: Summary, links: PageLinks | None) -> dict[str, object]:
    """What every page has: its title, charts of figures that lead to cases where any are listed, and its making."""
    rulebook, bars = result.rulebook, _criterion_bars(result, links)
    places = {theme.title: links.themes[theme.id] for theme in rulebook.themes} if links else {}
    of_themes = [
        charts.Bar(one.title, one.met, one.of, place=places.get(one.title, ""))
        for one in at_a_glance(result, ()).themes
    ]
    return {
        "title": title_of_report(result),
        "as_of": in_words(result.as_of),
        "about": about(result),
        "theme_chart": charts.themes(of_themes) if of_themes else "",
        "criterion_charts": [charts.criteria(bars[n : n + _TOGETHER]) for n in range(0, len(bars), _TOGETHER)],
        "bands": [(_rank(rulebook.bands, one.id), one.label) for one in rulebook.bands.bands],
        "band_sets": [one.label for one in rulebook.bands.sets.values()],
        "banded": any(bar.band for bar in bars),
        "not_decided": [
            links.to_criterion[one.criterion] if links else rulebook.criterion[one.criterion].short
            for one in result.rates
            if one.shown == (0, 0)
        ],
        "made_with": f"Rulebook {rulebook.id}, version {rulebook.version}, hash {rulebook.hash[:SHORT_HASH]}.",
        "cases_hash": result.cases_hash[:SHORT_HASH],
        "split": _split(result, links),
    }


def _split(result: Summary, links: PageLinks | None) -> object:
    """Groups of cases beside everyone else, where a characteristic was named."""
    if result.split is None:
        return None
    from casescreen.report.sections.groups_compared import difference, groups_compared  # noqa: PLC0415 - start-up time

    heading, *blocks = groups_compared(result)
    figures = []
    for group in result.split.groups:
        bars = [
            charts.GroupBar(
                result.rulebook.criterion[one.criterion].short,
                *(one.met.count, one.met.of, one.met.others, one.met.others_of),
                difference(one.met),
                links.criteria[one.criterion] if links else "",
            )
            for one in group.figures
            if one.met.comparable
        ]
        each = [charts.groups(bars[n : n + _TOGETHER]) for n in range(0, len(bars), _TOGETHER)]
        figures += [(result.split.name_of(group.name), group.size, each)] if each else []
    notes = [*takewhile(lambda block: isinstance(block, Paragraph), blocks)]
    return {"heading": heading, "notes": notes, "figures": figures, "tables": blocks[len(notes) :]}


def _of_figures(result: Summary, options: Options) -> dict[str, object]:
    """What is told where no case is listed."""
    glance = None if result.suppressed_under else at_a_glance(result, ())
    _, about_it, not_listed, *rest = overview(result, options)
    if result.split is not None:  # the page has them in a part of their own
        rest = [*overview(evolve(result, split=None), options)][3:]
    return {
        "kind": "a copy to share" if result.suppressed_under else "figures",
        "glance": glance,
        "head": (about_it, not_listed),
        "decided_chart": "" if result.suppressed_under else charts.decided(_shares(result, None)),
        "rest": rest,
    }


def _of_screening(
    screening: Screening, summaries: Sequence[CaseSummary], links: PageLinks, options: Options
) -> dict[str, object]:
    """What is told of cases one by one, beside the figures; the ``summaries`` are the worst first."""
    rulebook, glance = screening.rulebook, at_a_glance(screening, summaries)
    cases = case_parts(screening, summaries, links)
    start, glance = start_of(glance, screening, summaries), with_marks(glance, screening, summaries)
    return {
        "glance": glance,
        "changes": _changes(screening),
        "start": start,
        "in_force": [(label.capitalize(), says) for label, says in _in_force(screening)],
        "acting_accepted": accepted_actions(screening, summaries),
        "accepted": tuple(accepted_blocks(screening))[1:],
        "sampled": tuple(sample_part(screening))[1:],
        "verdict": closing_words(summaries),
        "unknown": sum(len(case.undecided) for case in summaries),
        "serious": sum(len(case.serious) for case in summaries),
        "quiet_and_open": [case.id for case in glance.nothing_found if case.serious or case.is_thin],
        "decided_chart": charts.decided(_shares(screening, links)),
        "matrix": _matrix(screening, summaries, links),
        "matrix_is_open": len(cases) <= _OPEN_AT_MOST,
        "signs": [outcome for outcome in WORST_FIRST if outcome is not Outcome.NOT_APPLICABLE],
        "together": _together(screening, links),
        "cases": cases,
        "steps": {case.id: case.actions[0].remedy for case in summaries if case.actions},
        "links": links,
        "sheets": options.sheets,
        "behind": (behind := {group.key: group for group in behind_states(summaries, links)}),
        "leads": partial(_leads, behind),
        "by_criterion": behind_criteria(screening, summaries, links),
        "managers": sorted({(case.manager, case.about.manager) for case in cases}),
        "themes": _theme_rows(screening),
        "beside": [title for title, _ in BESIDE.values()],
        "legend": legend(),
        "grouped": () if options.by is By.THEME else tuple(grouped(screening, summaries, options)),
        "thin": [case.id for case in summaries if case.is_thin],
        "records": (
            *left_out(screening),
            *serious_and_not_shown(screening, summaries),
            *check_the_record(screening),
            *assumed(screening),
        ),
        "hint": text_not_shown(screening.quoting, typed=options.typed),
        "method": tuple(_method(screening)),
        "rulebook": rulebook,
        "glossary": _glossary(screening),
        "outcomes": [(outcome_key(outcome), outcome.value) for outcome in Outcome],
    }


def _leads(behind: Mapping[str, CaseGroup], place: str, figure: object) -> str:
    """A figure as a link to the cases that it counts; as it is where there are none."""
    return link(place, str(figure)) if place in behind else str(figure)


def _matrix(screening: Screening, cases: Sequence[CaseSummary], links: PageLinks) -> Markup:
    """Cases and criteria, theme by theme, each a link to its part of the page."""
    rulebook = screening.rulebook
    groups = [[one for one in rulebook.criteria if one.theme == theme.id] for theme in rulebook.themes]
    columns = [[charts.MatrixColumn(one.short, links.criteria[one.id]) for one in group] for group in groups]
    rows = matrix_rows(screening, cases, [one.id for group in groups for one in group], links)
    return charts.matrix(columns, rows)


def _in_force(screening: Screening) -> Iterator[tuple[str, str]]:
    """What else the figures go by, each under its label: what is local, who signed it, what is accepted."""
    if screening.rulebook.profile is not None:
        from casescreen.report.local_rules import local_in_short  # noqa: PLC0415 - needed under a profile only

        yield "LOCAL RULES", f"{local_in_short(screening.rulebook.profile)}. Method, below, lists them"
    yield from signed_note(screening)
    yield from waiver_notes(screening, "Accepted, below,")
    if screening.answers_used is not None:
        yield "READERS' ANSWERS", str(screening.answers_used)


def _changes(screening: Screening) -> object:
    """What changed since an earlier run, where one was named."""
    if screening.changes is None:
        return None
    from casescreen.report.formats.changes_by_form import changes_on_page  # noqa: PLC0415 - only who compares waits for it

    return changes_on_page(screening.changes)


def _criterion_bars(result: Summary, links: PageLinks | None) -> list[charts.Bar]:
    """The rates that can be shown, the lowest share first; those of too few to say come last."""
    bands, bars = result.rulebook.bands, list[tuple[tuple[object, ...], charts.Bar]]()
    labels = {band.id: band.label for band in bands.bands}
    for rate in result.rates:
        if rate.shown is None or not rate.shown[1]:
            continue
        met, of = rate.shown
        few = rate.band == bands.TOO_FEW
        label = labels.get(rate.band, rate.band)
        short, place = result.rulebook.criterion[rate.criterion].short, links.criteria[rate.criterion] if links else ""
        bar = charts.Bar(short, met, of, label, _rank(bands, rate.band), place)
        bars.append(((few, Fraction(met, of), -of), bar))
    return [bar for _, bar in sorted(bars, key=lambda each: each[0])]


def _rank(bands: Bands, identity: str) -> int | None:
    """Which of four signs stands for a band: the first for the best, the last for the worst."""
    ids = [band.id for band in bands.bands]
    return ids.index(identity) * 3 // max(len(ids) - 1, 1) if identity in ids else None


def _shares(result: Summary, links: PageLinks | None) -> list[charts.Share]:
    """What is decided and what is not, theme by theme; only of what is not suppressed."""
    shares, criterion = [], result.rulebook.criterion
    for theme in result.rulebook.themes:
        rates = [rate for rate in result.rates if criterion[rate.criterion].theme == theme.id]
        counts = {one: sum(rate.count(one) for rate in rates) for one in Outcome}
        share = charts.Share(theme.title, counts, links.themes[theme.id] if links else "")
        shares += [share] if share.asked else []
    return shares


def _theme_rows(result: Summary) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """Each theme with its criteria: title, source, k of n, proportion, band, and every other count."""
    criterion, labels = result.rulebook.criterion, {band.id: band.label for band in result.rulebook.bands.bands}
    for theme in result.rulebook.themes:
        rows = [
            (criterion[rate.criterion], *_rate_cells(rate), labels.get(rate.band, rate.band))
            for rate in result.rates
            if criterion[rate.criterion].theme == theme.id
        ]
        if rows:
            yield theme.title, rows


def _rate_cells(rate: Rate) -> tuple[object, ...]:
    share = proportion_in_words(rate.met, rate.of) if rate.of else ""
    return k_of_n(rate.met, rate.of), share, [figure(rate.counts[outcome]) for outcome in BESIDE]


def _together(screening: Screening, links: PageLinks) -> list[tuple[str, list[tuple[str, Markup, tuple[Item, ...]]]]]:
    """What was concluded on the cases together, by kind: what it says, links to its figures, and what it rests on."""
    of_all = [one for one in screening.conclusions if one.on is not Scope.CASE]
    kinds = ((title, [one for one in of_all if one.kind is kind]) for kind, title in TITLES.items())
    return [(title, [_with_figures(one, links) for one in every]) for title, every in kinds if every]


def _with_figures(conclusion: Conclusion, links: PageLinks) -> tuple[str, Markup, tuple[Item, ...]]:
    item = conclusion_item(conclusion)
    return item.text, links.to_criteria(conclusion.rates), item.parts


def _method(screening: Screening) -> Iterator[Block]:
    yield Paragraph(screening.rulebook.about)
    if signed := signed_sentence(screening):
        yield Paragraph(signed)
    yield from provenance(screening)
    yield Paragraph(bands_in_words(screening.rulebook))


def _glossary(screening: Screening) -> list[tuple[Outcome, str, str]]:
    """The six outcomes, what each means, and how many findings came to it."""
    counts = Counter(finding.outcome for finding in screening.findings)
    return [(outcome, OUTCOMES_MEAN[outcome], f"{counts[outcome]:,}") for outcome in Outcome]

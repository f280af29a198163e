"""The page: its head, with a policy that lets nothing in, and its sections in order of use."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from casescreen.model.screening import Screening
from casescreen.report.digest import about
from casescreen.report.html.cases import case_sections
from casescreen.report.html.first import needs_attention, stands_out
from casescreen.report.html.ids import Ids
from casescreen.report.html.markup import Html, join, tag
from casescreen.report.html.method import glossary, method
from casescreen.report.html.parts import summary_list
from casescreen.report.html.themes import GROUPS, groups, themes
from casescreen.report.naming import first
from casescreen.report.options import By, Options
from casescreen.report.provenance import SHORT_HASH
from casescreen.report.standing import CaseStanding, standings
from casescreen.text import counted, in_words

_CONTENTS = (
    ("attention", "What needs attention first"),
    ("together", "Strengths, areas and patterns"),
    ("themes", "How each theme came out"),
    ("groups", GROUPS),
    ("cases", "Case by case, the worst first"),
    ("method", "Method, limits and parameters"),
    ("glossary", "What the outcomes mean"),
)


def render(screening: Screening, options: Options) -> str:
    """The report as a page that is whole in itself."""
    title = f"{screening.rulebook.title}, as at {in_words(screening.as_of)}"
    return document(title, _body(screening, options), _beside("filters.js"))


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
    return files("casescreen.report.html").joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _policy(style: str, script: str) -> str:
    scripts = f"'{_digest(script)}'" if script else "'none'"
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src {scripts}; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _body(screening: Screening, options: Options) -> Html:
    ids, cases = Ids(), standings(screening)
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


def _heading(screening: Screening, cases: tuple[CaseStanding, ...]) -> Html:
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

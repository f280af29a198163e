"""The HTML report: well formed, told apart from what a record says, and the same figures as the JSON report."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from attrs import define, evolve, field

from casescreen.evaluate.case_summary import case_summaries
from casescreen.model.outcome import Outcome
from casescreen.model.screening import Finding, Screening
from casescreen.report.formats.html.page import render
from casescreen.report.formats.registry import FORMATS, By, Options

_VOID = {"meta", "input"}
_HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'></td></table></main>&lt;b&gt;<!-- ]]> {{7*7}} ${7}",
    "javascript:alert(1)",
    "\u202e\x00\x1b[31m\u2028</style>",
    '" onmouseover="alert(1)" x="',
)


@define
class _Page(HTMLParser):
    """What a page is made of: each element with its attributes, and the text of each heading and cell."""

    elements: list[tuple[str, dict[str, str | None]]] = field(factory=list)
    open: list[str] = field(factory=list)
    text: list[tuple[str, str]] = field(factory=list)

    def __attrs_pre_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute of <{tag}> stands twice"
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        self.text.append((self.open[-1] if self.open else "", data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each element of that name."""
        return [attributes for name, attributes in self.elements if name == tag]


def _read(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    assert page.open == []
    return page


@pytest.fixture(scope="module")
def page(screening: Screening) -> _Page:
    """The report on the six cases, taken apart."""
    return _read(render(screening, Options()))


def test_it_looks_as_it_did(screening: Screening, golden: Callable[[str, str], None]) -> None:
    """The page is to the letter what was read and kept."""
    golden("report.html", render(screening, Options()))


def test_ids_are_unique_and_every_reference_leads_somewhere(page: _Page) -> None:
    """No id stands twice, and each link, label and name of a region points at one that is there."""
    ids = Counter(a["id"] for _, a in page.elements if "id" in a)
    assert set(ids.values()) == {1}
    for tag, attributes in page.elements:
        for key in ("aria-labelledby", "for"):
            assert attributes.get(key, next(iter(ids))) in ids, (tag, attributes)
        if tag == "a":
            assert (attributes["href"] or "")[:1] == "#"
            assert (attributes["href"] or "")[1:] in ids


def test_every_table_has_a_caption_and_its_headers_a_scope(page: _Page) -> None:
    """Each table is captioned, stands in a region that the keyboard can reach, and says what its headers head."""
    names = [name for name, _ in page.elements]
    tables = [number for number, name in enumerate(names) if name == "table"]
    assert tables
    for number in tables:
        assert names[number + 1] == "caption"
        name, attributes = page.elements[number - 1]
        assert (name, attributes["role"], attributes["tabindex"]) == ("div", "region", "0")
    assert {attributes["scope"] for attributes in page.all("th")} == {"col", "row"}


def test_headings_leave_no_level_out(page: _Page) -> None:
    """There is one first heading, and none is more than one level below the one before it."""
    levels = [int(name[1]) for name, _ in page.elements if re.fullmatch(r"h\d", name)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(then - before <= 1 for before, then in pairwise(levels))


def test_it_has_landmarks_and_a_language(page: _Page) -> None:
    """The page says its language and has a header, contents, a main part and a footer, one each."""
    assert page.all("html") == [{"lang": "en-GB"}]
    for landmark in ("header", "nav", "main", "footer", "title"):
        assert len(page.all(landmark)) == 1


def test_it_asks_for_nothing_and_its_policy_names_its_own_style_and_script(screening: Screening) -> None:
    """No element or style names another file; the policy allows one style and one script by their hashes."""
    html = render(screening, Options())
    page = _read(html)
    assert not {"link", "img", "iframe", "object", "base"} & {name for name, _ in page.elements}
    assert not {"src", "style"} & {key for _, attributes in page.elements for key in attributes}
    assert "url(" not in html
    assert "@import" not in html
    policy = page.all("meta")[1]["content"] or ""
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for name in ("style", "script"):
        [text] = re.findall(f"<{name}>(.*?)</{name}>", html, re.DOTALL)
        assert f"{name}-src 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in policy


@pytest.mark.parametrize("words", _HOSTILE)
def test_a_hostile_record_adds_no_element(
    find: Callable[..., Finding], screen: Callable[..., Screening], words: str
) -> None:
    """A report on a hostile record has the elements, attributes and ids of a report on a plain one."""

    def shape(text: str) -> list[tuple[str, list[str], str | None]]:
        finding = find(f"A{text}", "report-quality", Outcome.NOT_MET, f"x{text}", owner=f"y{text}", item=f"z{text}")
        made = screen([finding])
        named = evolve(made, managers={finding.case: f"m{text}"}, teams={finding.case: f"t{text}"})
        html = render(named, Options())
        assert not re.search("[\x00\x1b\u202e\u2028]", html)
        return [(name, sorted(a), a.get("id")) for name, a in _read(html).elements]

    assert shape(words) == shape("")


def test_every_handler_of_events_is_text(page: _Page) -> None:
    """No element carries a handler."""
    assert not [key for _, attributes in page.elements for key in attributes if key.startswith("on")]


def test_it_has_the_figures_of_the_json_report(screening: Screening) -> None:
    """The k of n stands beside each criterion, in the table and in the chart, as in the JSON report."""
    html = render(screening, Options())
    rates = json.loads(FORMATS["json"].render(screening, Options()))["rates"]
    for rate in rates:
        criterion = screening.rulebook.criterion[rate["criterion"]]
        row = html[html.index(f'">{criterion.title}</a></th>') :].partition("</tr>")[0]
        figures = f"{rate['met']} of {rate['of']}" if rate["of"] else "-"
        beside = ("not applicable", "not yet due", "not evidenced", "needs judgement")
        counts = [str(rate["counts"][outcome] or "-") for outcome in beside]
        assert re.findall(r'<td class="figures">(.*?)</td>', row) == [figures, *counts]
        assert (f"{criterion.short} {figures}" in html) == bool(rate["of"])


def test_every_finding_of_a_case_is_there(screening: Screening) -> None:
    """What is to be acted on or looked at has a line of its own; what is left is named, and counted by outcome."""
    html = render(screening, Options())
    for case in case_summaries(screening):
        [part] = [one for one in re.findall(r"<article.*?</article>", html, re.DOTALL) if f">{case.id}</h3>" in one]
        lines = part.count("<dt>Criterion</dt>")
        assert lines == len(case.failed) + len(case.doubted)
        named = sum(int(number) for number in re.findall(r"<dt>[^<]*\((\d+)\)</dt>", part))
        assert lines + named == sum(case.counts.values()) + sum(
            one.outcome is not Outcome.NOT_MET for one in case.doubted
        )


def test_what_is_not_met_is_said_as_what_is_wrong(
    find: Callable[..., Finding], screen: Callable[..., Screening]
) -> None:
    """The rulebook's shortfall stands in the line; where it gives none, "Not met:" stands before the title."""
    failed = find("A", "plan-timely", Outcome.NOT_MET, shortfall="The plan came late.")
    plain = find("B", "plan-timely", Outcome.NOT_MET)
    html = render(screen([failed, plain]), Options())
    title = failed_title(plain, screen([plain]))
    assert "</span> The plan came late.</summary>" in html
    assert f"</span> Not met: {title}</summary>" in html


def failed_title(finding: Finding, screening: Screening) -> str:
    return screening.rulebook.criterion[finding.criterion].title


def test_it_is_no_clean_bill_where_much_is_unknown(
    find: Callable[..., Finding], screen: Callable[..., Screening]
) -> None:
    """Where no failure is shown and something is not known, the head of the page says how much is not."""
    html = render(screen([find("A", "plan-timely", Outcome.NOT_EVIDENCED)]), Options())
    head = html.partition("<header>")[2].partition("</header>")[0]
    assert "of all that was asked" not in head
    assert '<div class="tile open"><dt>Not known</dt><dd><b><a href="#not-known">1</a></b> question' in head
    assert "No failure shown; 1 question cannot be told yet" in html


def test_all_cases_are_there_however_few_are_asked_for(screening: Screening) -> None:
    """The page has every case, since it is searched and not read through, and each link leads to one."""
    page = _read(render(screening, Options()))
    assert len(page.all("article")) == len(screening.case_ids)


def test_parameters_have_value_status_and_source(screening: Screening, page: _Page) -> None:
    """Each parameter stands with what it is, whose it is and where it comes from."""
    told = {text for _, text in page.text}
    for parameter in screening.rulebook.parameters.values():
        assert {parameter.label, parameter.status.value, str(parameter.source)} <= told


def test_the_six_outcomes_are_explained(page: _Page) -> None:
    """Each outcome has a line in the glossary."""
    told = [text for tag, text in page.text if tag == "td"]
    assert [text for text in told if "record does not show it, which is not" in text]
    captions = [text for tag, text in page.text if tag == "caption"]
    assert "The six outcomes" in captions


@pytest.mark.parametrize(
    ("by", "names"), [(By.MANAGER, ("Worker A", "Worker B")), (By.TEAM, ("East", "No team recorded"))]
)
def test_figures_follow_the_grouping(screening: Screening, by: By, names: tuple[str, ...]) -> None:
    """By manager or team, each has a table of its criteria with k of n, to which the contents lead; else none has."""
    made = render(screening, Options(by=by))
    rates = screening.by_manager if by is By.MANAGER else screening.by_team
    part = made.partition('<h2 id="groups">')[2].partition("<h2")[0]
    assert 'href="#groups"' in made
    assert all(f"<h3>{name}: 3 cases</h3>" in part for name in names)
    assert part.count("<tbody>") == 2
    assert [row.count("<td") for row in part.split("<tr>") if 'scope="row"' in row] == [6] * sum(
        map(len, rates.values())
    )
    plain = render(screening, Options())
    assert '"#groups"' not in plain
    assert 'id="groups"' not in plain

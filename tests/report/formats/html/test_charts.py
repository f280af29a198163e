"""The charts of the page: what they show is what they were given, and what a label says is text."""

from __future__ import annotations

import re

from casescreen.model.outcome import Outcome
from casescreen.report.formats.html import charts


def _columns(*groups: list[str]) -> list[list[charts.MatrixColumn]]:
    return [[charts.MatrixColumn(name) for name in group] for group in groups]


def test_a_bar_is_as_long_as_the_figure_says() -> None:
    """The filled part of a bar is to the whole as k is to n, to a tenth of a per cent below; none of nothing."""
    drawn = charts.themes([charts.Bar("A", 2, 3), charts.Bar("B", 0, 3), charts.Bar("C", 3, 3)])
    assert re.findall(r'class="share" x="0%" y="\d+" width="([\d.]+)%"', drawn) == ["66.6", "100"]
    assert 'aria-label="Bars, met of those decided: A 2 of 3; B 0 of 3; C 3 of 3"' in drawn


def test_a_band_is_a_shape_and_a_word_beside_its_colour() -> None:
    """Each of the four ranks, and none, has a shape of its own; the band's name stands beside it."""
    ranks = (0, 1, 2, 3, None)
    shapes = {re.search(r' d="(.*?)"', charts.band_mark(rank)).group(1) for rank in ranks[:4]}  # type: ignore[union-attr]
    assert len(shapes) == 4
    assert 'class="no-rank"' in charts.band_mark(None)
    for rank in ranks:
        drawn = charts.criteria([charts.Bar("A", 1, 2, "middling", rank)])
        assert ">middling</text>" in drawn
        assert "A 1 of 2 middling" in drawn


def test_what_is_not_known_is_part_of_what_was_asked() -> None:
    """The parts of a bar fill it; what does not apply or is not due is no part of it."""
    counts = dict(zip(Outcome, (5, 2, 7, 4, 2, 1), strict=True))
    share = charts.Share("A", counts)
    assert (share.unknown, share.asked) == (
        counts[Outcome.NOT_EVIDENCED] + counts[Outcome.NEEDS_JUDGEMENT],
        sum(counts.values()) - counts[Outcome.NOT_APPLICABLE] - counts[Outcome.NOT_YET_DUE],
    )
    widths = [float(each) for each in re.findall(r'x="[\d.]+%" y="\d+" width="([\d.]+)%"', charts.decided([share]))]
    assert round(sum(widths), 1) == 100


def test_the_matrix_draws_each_cell_once_and_leaves_blank_what_does_not_apply() -> None:
    """There is one path an outcome, with a sign for each cell of it."""
    rows = [charts.MatrixRow("A", tuple(Outcome), marked=True), charts.MatrixRow("B", (Outcome.MET,) * 6)]
    drawn = charts.matrix(_columns(["one", "two"], [], ["three", "four", "five", "six"]), rows)
    signs = dict(re.findall(r'<path class="(met|not-met|unknown|judge|ahead)" d="(.*?)"', drawn))
    assert {name: path.count("M") for name, path in signs.items()} == {
        "met": 7,
        "not-met": 1,
        "unknown": 1,
        "judge": 1,
        "ahead": 1,
    }
    assert drawn.count("act-mark") == 1


def test_a_label_is_text() -> None:
    """What could be markup or unseen in a label is neither."""
    hostile = '<script>"&\u202e'
    for drawn in (
        charts.themes([charts.Bar(hostile, 1, 2)]),
        charts.decided([charts.Share(hostile, dict.fromkeys(Outcome, 1))]),
        charts.matrix(_columns([hostile]), [charts.MatrixRow(hostile, (Outcome.MET,))]),
    ):
        assert "<script" not in drawn
        assert "\u202e" not in drawn
        assert "&lt;script&gt;&#34;&amp;\ufffd" in drawn


def test_a_row_that_leads_somewhere_is_a_link_that_says_what_the_row_shows() -> None:
    """A chart of links is a group, and each link says its label and figures; a chart without any is a picture."""
    bar, share = charts.Bar("A", 1, 2, "weak", 3, place="q1"), charts.Share("B", dict.fromkeys(Outcome, 1), "theme-1")
    assert '<a href="#q1" aria-label="A 1 of 2 weak">' in charts.criteria([bar])
    assert '<a href="#theme-1" aria-label="B: 2 of 4 not known">' in charts.decided([share])
    drawn = charts.matrix([[charts.MatrixColumn("A", "q1")]], [charts.MatrixRow("X", (Outcome.MET,), place="case-1")])
    assert {'<a href="#q1" tabindex="-1">', '<a href="#case-1" tabindex="-1">'} <= set(re.findall("<a .*?>", drawn))
    assert all('role="group"' in one for one in (charts.criteria([bar]), charts.decided([share]), drawn))
    plain = charts.criteria([charts.Bar("A", 1, 2)])
    assert 'role="img"' in plain
    assert "<a " not in plain

"""The draft letter, read back."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table

from casescreen import load_rulebook, read_cases
from casescreen import screen as screen_cases
from casescreen.evaluate.case_summary import case_summaries
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError, ReportRefusedError
from casescreen.model.rulebook import LETTER_MINIMUM_KNOWN, ConclusionKind, ConclusionRule, Rulebook, Scope
from casescreen.model.screening import Screening
from casescreen.report.formats.registry import Options
from casescreen.report.letter.letter import render
from casescreen.report.letter.styled_text import MARK

_NUMBER = re.compile(r"\[(\d+)\]")
_SOMERSET = Path(__file__).resolve().parents[3] / "cases" / "somerset-2016"
_AS_OF = date(2016, 5, 9)


def _read(screening: Screening, options: Options | None = None) -> WordDocument:
    return Document(io.BytesIO(render(screening, options or Options())))


@pytest.fixture(params=["python-docx", "our own"])
def each_writer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters are written by the one and by the other."""
    monkeypatch.setattr("casescreen.report.letter.word.is_installed", lambda _: request.param == "python-docx")


def _told(document: WordDocument) -> str:
    lines = [f"{_style(paragraph)}: {paragraph.text}" for paragraph in document.paragraphs]
    for table in document.tables:
        lines.append("")
        lines.extend(" | ".join(cell.text for cell in row.cells) for row in table.rows)
    return "\n".join(lines) + "\n"


def _style(paragraph: object) -> str:
    return str(paragraph.style.name)  # type: ignore[attr-defined]


def _appendix(document: WordDocument, table: int = 0) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in document.tables[table].rows][1:]


def test_the_letter_says_what_it_did(screening: Screening, golden: Callable[[str, str], None]) -> None:
    """Of a rulebook without phrases: every paragraph with its style, and every cell of every table, as it was read."""
    rulebook = screening.rulebook
    criteria = tuple(evolve(criterion, short=criterion.title) for criterion in rulebook.criteria)  # as they are read
    golden("letter.txt", _told(_read(evolve(screening, rulebook=evolve(rulebook, criteria=criteria)))))


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    """The rulebook that is shipped."""
    return load_rulebook()


def _somerset(rulebook: Rulebook, most: int | None = None) -> Screening:
    caseload = read_cases([_SOMERSET], rulebook.dictionary, criteria=rulebook.criterion, taken_on=_AS_OF)
    return screen_cases(rulebook, evolve(caseload, cases=caseload.cases[:most]), as_of=_AS_OF)


@pytest.mark.parametrize(("name", "most"), [("letter-20-cases.txt", None), ("letter-6-cases.txt", 6)])
def test_the_letter_of_the_shipped_cases(
    shipped: Rulebook, golden: Callable[[str, str], None], name: str, most: int | None
) -> None:
    """Of all twenty, and of six, where most rates are of too few cases to say more than figures."""
    golden(name, _told(_read(_somerset(shipped, most))))


def test_of_too_few_cases_there_are_plain_figures(shipped: Rulebook) -> None:
    """No reason and no example beside a rate under the minimum, and no band anywhere in front of the appendices."""
    screening = _somerset(shipped, 4)
    letter = _told(_read(screening)).partition("Appendix A")[0]
    assert all(rate.band == "too few" for rate in screening.rates)
    assert not re.search("fell short|exception,|commonest|for example|strong\\b|weak|mixed", letter)


def test_a_letter_names_no_case_and_no_person(shipped: Rulebook) -> None:
    """In front of the appendices there is no id, no worker and no text of a record."""
    screening = _somerset(shipped)
    told = _told(_read(screening))
    letter, tables = told.partition("\nHeading 1: Appendix A")[0], told.partition("\nNo. | ")[2]
    names = [name for name in (*screening.case_ids, *screening.managers.values()) if name]
    assert not [name for name in names if name in letter]
    assert [name for name in names if name in tables]


def test_what_names_cases_is_last_and_begins_on_a_page_of_its_own(shipped: Rulebook) -> None:
    """Whoever takes out all from Appendix C on sends no id of a case: none is in a paragraph or a table before it."""
    screening = _somerset(shipped)
    document, seen = _read(screening), []
    for one in document.iter_inner_content():
        if isinstance(one, Table):
            seen += [cell.text for row in one.rows for cell in row.cells]
        elif one.text.startswith("Appendix C"):
            assert one.paragraph_format.page_break_before
            break
        else:
            seen.append(one.text)
    else:
        pytest.fail("there is no Appendix C")
    assert not [case for case in screening.case_ids if any(case in text for text in seen)]


def test_where_little_is_known_there_is_no_letter(shipped: Rulebook, golden: Callable[[str, str], None]) -> None:
    """It says how much is known, how much has to be and whose number that is, and what to fill in first."""
    with pytest.raises(ReportRefusedError) as refused:
        render(_somerset(_asking_for(shipped, 95)), Options())
    golden("letter-refused.txt", f"{refused.value}\n")
    assert render(_somerset(_asking_for(shipped, 93)), Options())


def _asking_for(rulebook: Rulebook, share: int) -> Rulebook:
    least = evolve(rulebook.parameters[LETTER_MINIMUM_KNOWN], value=share)
    return evolve(rulebook, parameters={**rulebook.parameters, LETTER_MINIMUM_KNOWN: least})


def test_without_cases_there_is_no_letter_where_a_share_is_asked_for(shipped: Rulebook) -> None:
    """Nothing of nothing is no share; a rulebook that asks for none has a letter whatever is known."""
    with pytest.raises(ReportRefusedError, match="none is asked of these cases"):
        render(_somerset(shipped, 0), Options())
    asks_none = {name: one for name, one in shipped.parameters.items() if name != LETTER_MINIMUM_KNOWN}
    assert render(_somerset(evolve(shipped, parameters=asks_none), 0), Options())


@pytest.mark.usefixtures("each_writer")
def test_the_same_screening_is_the_same_bytes(screening: Screening) -> None:
    """Nothing of the time or place of writing is in the file."""
    made = render(screening, Options())
    assert made == render(screening, Options())
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert {(member.date_time, member.create_system) for member in package.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 3)
        }
    core = _read(screening).core_properties
    assert core.created is not None
    assert core.created.date() == screening.as_of


@pytest.mark.usefixtures("each_writer")
def test_the_letter_claims_no_authority(screening: Screening) -> None:
    """It is marked a draft at its head, in its properties and on every page, and says what it is not."""
    document = _read(screening)
    assert document.paragraphs[0].text.startswith("DRAFT")
    assert "it is not an inspection" in document.paragraphs[0].text
    assert document.core_properties.title.startswith("Draft")
    assert [section.header.paragraphs[0].text for section in document.sections] == [MARK]
    assert document.core_properties.content_status == "Draft"
    assert not document.core_properties.author


def test_every_statement_leads_to_its_grounds(screening: Screening) -> None:
    """Each number in the letter has its rows in the appendix, which has no other and nothing twice."""
    document = _read(screening)
    numbers = {number for paragraph in document.paragraphs for number in _NUMBER.findall(paragraph.text)}
    rows = _appendix(document)
    assert numbers == {number for row in rows for number in row[0].split(", ")}
    assert len({tuple(row[1:]) for row in rows}) == len(rows)
    assert numbers == {str(number) for number in range(1, len(numbers) + 1)}


def test_the_grounds_of_a_rate_are_its_figures_and_cases(screening: Screening) -> None:
    """Beside each criterion stand its k of n as screened; and with the cases, exactly those of each outcome."""
    document = _read(screening)
    rows, behind = ({row[column]: row for row in _appendix(document, table)} for table, column in ((0, 1), (-1, 0)))
    rank = {case.id: number for number, case in enumerate(case_summaries(screening))}
    undecided = (Outcome.NOT_EVIDENCED, Outcome.NEEDS_JUDGEMENT)
    for rate in screening.rates:
        criterion = screening.rulebook.criterion[rate.criterion]
        title = f"{criterion.title} ({criterion.id})"
        assert rows[title][2] == (f"{rate.met} of {rate.of}" if rate.of else "-")
        for cell, outcomes in zip(behind[title][1:], ((Outcome.NOT_MET,), undecided, (Outcome.MET,)), strict=True):
            found = [
                f for one in outcomes for f in screening.findings if (f.criterion, f.outcome) == (criterion.id, one)
            ]
            named = [f"{f.case} ({f.item})" if f.item else f.case for f in sorted(found, key=lambda f: rank[f.case])]
            assert cell == (", ".join(named) or "none")


def test_themes_come_from_the_rulebook_in_its_order(screening: Screening) -> None:
    """Each theme is a heading of its own under the commentary."""
    headings = [p.text for p in _read(screening).paragraphs if _style(p) == "Heading 2"]
    titles = [f"{number}. {theme.title}" for number, theme in enumerate(screening.rulebook.themes, 1)]
    assert [heading for heading in headings if heading[0].isdigit()] == titles


def test_exceptions_are_told_where_the_rules_have_any(screening: Screening) -> None:
    """That none was found is said only where it was asked; a rulebook without such rules has no such section."""
    none = evolve(screening, conclusions=())
    rule = ConclusionRule("k", Scope.SAMPLE, ConclusionKind.EXCEPTION, "So.", every=True, premises=())
    asked = evolve(none, rulebook=evolve(none.rulebook, conclusions=(rule,)))
    title = "Heading 1: Steps that must always be taken, and were not\n"
    assert title not in _told(_read(none))
    assert f"{title}Normal: The rules draw none from these cases." in _told(_read(asked))


def test_many_cases_are_named_up_to_fifty(screening: Screening) -> None:
    """Of those in which a criterion is not met, so many are named, the rest counted, and it says where they are."""
    failed = next(one for one in screening.findings if one.criterion == "concerns-in-plan" and one.case == "AN-01")
    for number, last, is_cut in ((50, "AN-49", False), (52, "and 2 more", True)):
        many = tuple(evolve(failed, case=f"AN-{one:02}") for one in range(number))
        document = _read(evolve(screening, findings=many, case_ids=tuple(one.case for one in many)))
        cases = {row[0]: row[1] for row in _appendix(document, -1)}
        rests_on = "The plan addresses every concern that was linked to the offending (concerns-in-plan)"
        assert cases[rests_on].split(", ")[50 if is_cut else 49 :] == [last]
        assert ("the page and the findings as CSV have all." in _told(document)) is is_cut


@pytest.mark.usefixtures("each_writer")
def test_nothing_screened_still_makes_a_letter(screening: Screening) -> None:
    """Without findings the letter says that nothing applied, and rests on nothing it does not have."""
    empty = evolve(screening, findings=(), case_ids=(), conclusions=(), rates=())
    told = _told(_read(empty))
    assert "The rules draw none from these cases." in told


@pytest.mark.usefixtures("each_writer")
@pytest.mark.parametrize(
    "text", ["</w:t><w:br/>", "&lt;&amp;", "a\x00b\x0b\x1b[31m", "\ud800\ufffe\u202e", "{{x}}", "=1+1", "\n\r\t"]
)
def test_text_from_a_record_stays_text(screening: Screening, text: str) -> None:
    """Whatever an id, an engine or a title says, the document opens and holds it as text and nothing else."""
    finding = evolve(screening.findings[1], case=f"x{text}y")
    hostile = evolve(screening, findings=(finding,), case_ids=(f"x{text}y",), conclusions=(), engine=text)
    document = _read(hostile)
    assert [row for row in _appendix(document, -1) if any(x.startswith("x") and x.endswith("y") for x in row[1:])]
    assert not list(document.element.iter(qn("w:br"), qn("w:fldSimple"), qn("w:instrText")))
    for link in document.element.iter(qn("w:hyperlink")):
        assert re.fullmatch(r"(statement|basis|cases)_\d+", link.get(qn("w:anchor")))
        assert link.get(qn("r:id")) is None


@pytest.mark.usefixtures("each_writer")
def test_the_page_can_be_read_by_anybody(screening: Screening) -> None:
    """A4, in British English, with real headings, lists and tables whose titles are repeated."""
    document = _read(screening)
    section = document.sections[0]
    assert section.page_width is not None
    assert abs(section.page_width - Mm(210)) < Pt(1)
    assert {language.get(qn("w:val")) for language in document.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    assert {"Title", "Heading 1", "Heading 2", "List Bullet"} <= {_style(p) for p in document.paragraphs}
    for table in document.tables:
        assert list(table.rows[0]._tr.iter(qn("w:tblHeader")))  # noqa: SLF001 - python-docx does not tell
    (footer,) = section.footer.paragraphs
    assert [one.get(qn("w:instr")) for one in footer._p.iter(qn("w:fldSimple"))] == [" PAGE ", " NUMPAGES "]  # noqa: SLF001 - the same


def _template(path: Path, *, without: str = "") -> Path:
    document = Document()
    document.add_paragraph("What the template says itself")
    document.sections[0].header.paragraphs[0].text = "Anyshire Council"
    document.styles["Heading 1"].font.size = Pt(31)
    if without:
        document.styles[without].delete()
    document.save(str(path))
    return path


def test_a_template_gives_its_styles_and_letterhead(screening: Screening, tmp_path: Path) -> None:
    """Styles, page and header are the template's; its text is not; and the letter is still marked a draft."""
    document = _read(screening, Options(template=_template(tmp_path / "ours.docx")))
    assert document.styles["Heading 1"].font.size == Pt(31)
    assert [p.text for p in document.sections[0].header.paragraphs] == ["Anyshire Council", MARK]
    assert "What the template says itself" not in _told(document)


def test_a_template_without_a_style_is_told(screening: Screening, tmp_path: Path) -> None:
    """The error names the style that is missing, and how to come by it."""
    template = _template(tmp_path / "ours.docx", without="List Bullet")
    with pytest.raises(CasescreenError, match=r"(?s)no style “List Bullet”.*What to do"):
        render(screening, Options(template=template))


def _zipped(path: Path, size: int) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"\0" * size)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "No such file"),
        (b"", "not a Word document"),
        (b"PK\x03\x04 and no more", "not a Word document"),
        (1_000, "not a Word document"),
        (65 * 2**20, "larger than 64 MiB"),
    ],
)
def test_a_bad_template_is_told(screening: Screening, tmp_path: Path, content: bytes | int | None, why: str) -> None:
    """A template that is missing, broken, of another kind or a zip bomb is an error with advice."""
    template = tmp_path / "bad.docx"
    if isinstance(content, bytes):
        template.write_bytes(content)
    elif content is not None:
        _zipped(template, content)
    with pytest.raises(CasescreenError, match=rf"(?s)bad\.docx.*{why}.*What to do"):
        render(screening, Options(template=template))


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("word/document.xml", b"<w:sectPr.*</w:sectPr>", b""),
        ("word/document.xml", b"<w:body>.*</w:body>", b""),
        ("word/document.xml", b"w:document", b"w:glossary"),
        ("word/styles.xml", b"w:styles", b"w:numbering"),
        ("word/_rels/document.xml.rels", b"<Relationship .*/>", b""),
        ("[Content_Types].xml", b"<Override .*/>", b""),
        ("docProps/core.xml", b"<cp:coreProperties.*", b"<x/>"),
    ],
)
def test_a_template_that_lacks_a_part_is_told(
    screening: Screening, tmp_path: Path, part: str, old: bytes, new: bytes
) -> None:
    """Damage that opening it does not show is the template's, and no fault of ours."""
    whole = zipfile.ZipFile(_template(tmp_path / "whole.docx"))
    template = tmp_path / "damaged.docx"
    with zipfile.ZipFile(template, "w") as damaged:
        for name in whole.namelist():
            content = whole.read(name)
            damaged.writestr(name, re.sub(old, new, content, flags=re.DOTALL) if name == part else content)
    with pytest.raises(CasescreenError, match=r"(?s)damaged\.docx.*What to do"):
        render(screening, Options(template=template))


@pytest.mark.usefixtures("each_writer")
def test_every_number_leads_to_its_grounds_and_they_to_the_cases_and_back(screening: Screening) -> None:
    """Each link has its place once; from a number one comes to a row, from the row to its cases, and back again."""
    document = _read(screening)
    body = document.element.body
    places = [one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))]
    ids = [one.get(qn("w:id")) for one in body.iter(qn("w:bookmarkStart"))]
    assert len(set(places)) == len(places)
    assert len(set(ids)) == len(ids)
    assert ids == [one.get(qn("w:id")) for one in body.iter(qn("w:bookmarkEnd"))]
    leads = {one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))}
    assert leads == set(places)
    bases, behind = document.tables[0].rows[1:], document.tables[-1].rows[1:]
    for number, row in enumerate(bases, 1):
        back = [(link.text, link.fragment) for link in row.cells[0].paragraphs[0].hyperlinks]
        assert back == [(one, f"statement_{one}") for one in row.cells[0].text.split(", ")]
        assert [link.fragment for link in row.cells[1].paragraphs[0].hyperlinks] in ([], [f"cases_{number}"])
    for row in behind:
        [link] = row.cells[0].paragraphs[0].hyperlinks
        assert bases[int(link.fragment.removeprefix("basis_")) - 1].cells[1].text == link.text
    for paragraph in document.paragraphs:
        for link in paragraph.hyperlinks:
            [row] = [one for number, one in enumerate(bases, 1) if link.fragment == f"basis_{number}"]
            assert link.text.strip("[]") in row.cells[0].text.split(", ")


@pytest.mark.usefixtures("each_writer")
def test_a_case_leads_to_its_enquiry_sheet(screening: Screening) -> None:
    """Where there is a file for it, each id of the appendix of cases leads there; the others lead nowhere."""
    case = next(one.case for one in screening.findings if one.outcome is Outcome.NOT_MET)
    document = _read(screening, Options(sheets={case: "sheets/A%20%26%20B.docx"}))
    links = [
        link for row in document.tables[-1].rows for cell in row.cells[1:] for link in cell.paragraphs[0].hyperlinks
    ]
    assert {(link.text, link.address) for link in links} == {(case, "sheets/A%20%26%20B.docx")}
    assert _told(document) == _told(_read(screening))

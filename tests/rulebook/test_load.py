"""Reading a whole rulebook."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from casescreen.model.calendar import Duration, Unit, WorkingCalendar
from casescreen.model.dictionary import Field, Kind
from casescreen.model.outcome import Basis, Outcome, ReadersAnswer
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.rulebook import (
    Band,
    BandSet,
    Concluded,
    ConclusionKind,
    Document,
    FactIs,
    FlagIs,
    OutcomeIs,
    Parameter,
    PerRow,
    RateIn,
    Scope,
    Severity,
    Source,
    Status,
    Theme,
    Variation,
)
from casescreen.report.rulebook_guide import rule_text
from casescreen.report.wording import bands_in_words
from casescreen.rulebook.load import load_rulebook

Change = Callable[[str, str, str], None]
Problems = Callable[[], list[str]]
HANDBOOK = Document("handbook", "The handbook")
TYPE = Field("job.type", "type of job", Kind.CHOICE, "What was booked.", ("service", "repair", "rebuild"))
PRICE_FILE = "1-bookings/price-agreed.toml"


def test_the_head_is_read(workshop: Path) -> None:
    """Title, version, documents, themes and bands come out as they are written."""
    rulebook = load_rulebook(workshop)
    assert (rulebook.id, rulebook.title, rulebook.version) == ("workshop", "The workshop's own rules", "1")
    assert rulebook.about == "How a bicycle workshop looks at its jobs."
    assert rulebook.documents == {"handbook": HANDBOOK}
    assert rulebook.themes == (Theme("1-bookings", "Bookings"), Theme("2-repairs", "Repairs"))
    assert rulebook.bands.bands == (Band("good", "good", 80), Band("poor", "poor", 0))
    assert (rulebook.bands.minimum, rulebook.bands.source) == (3, Source(HANDBOOK, "9"))
    assert (rulebook.bands.known, rulebook.bands.sets) == (0, {})


def test_a_conclusion_may_ask_for_more_cases(workshop: Path, change: Change) -> None:
    """Each rate that it names must rest on so many; what it names besides is as it was."""
    change("conclusions.toml", 'says = "Jobs take far too long."', 'says = "Jobs take far too long."\nminimum = 10')
    slow, very_slow = (one for one in load_rulebook(workshop).conclusions if one.on is Scope.SAMPLE)
    assert slow.premises == (RateIn("ready-in-time", ("poor",)),)
    assert very_slow.premises == (Concluded("slow"), RateIn("work-sound", ("good", "too few"), 10))


_ALWAYS = """
[bands.sets.always]
label = "jobs that must always be done"
[[bands.sets.always.band]]
id = "good"
at_least = 100
[[bands.sets.always.band]]
id = "poor"
at_least = 0
"""


def test_a_criterion_may_have_limits_of_its_own(workshop: Path, change: Change) -> None:
    """A band set has limits of its own for the same bands, and a criterion that names it falls into them by those."""
    change("rulebook.toml", "minimum = 3", "minimum = 3\nknown = 50")
    root = workshop / "rulebook.toml"
    root.write_text(root.read_text(encoding="utf-8") + _ALWAYS, encoding="utf-8")
    change(PRICE_FILE, "kind = ", 'bands = "always"\nkind = ')
    rulebook = load_rulebook(workshop)
    limits = (Band("good", "good", 100), Band("poor", "poor", 0))
    assert rulebook.bands.sets == {"always": BandSet("always", "jobs that must always be done", limits)}
    assert {one.id for one in rulebook.criteria if one.bands == "always"} == {"price-agreed"}
    assert [rulebook.bands.of(9, 10, 10, 20, one) for one in ("", "always")] == ["good", "poor"]
    assert [rulebook.bands.of(9, 9, 9, 19, one) for one in ("", "always")] == ["too few", "too few"]
    assert 'of jobs that must always be done, "good" from 100 per cent' in bands_in_words(rulebook)
    assert "of less than 50 per cent of the cases in which" in bands_in_words(rulebook)
    assert "Bands: those of jobs that must always be done" in rule_text(
        rulebook, rulebook.criterion["price-agreed"], 100
    )


def test_parameters_are_read(workshop: Path) -> None:
    """A parameter has its value, its other values for some cases, its status and its source."""
    assert load_rulebook(workshop).parameters == {
        "ready_within": Parameter(
            "ready_within",
            "time allowed for a job",
            Duration(5, Unit.WORKING_DAY),
            Status.LOCAL,
            Source(HANDBOOK, "2"),
            (Variation(TYPE, "rebuild", Duration(20, Unit.WORKING_DAY)),),
        ),
        "dear": Parameter("dear", "what counts as dear", 100, Status.OURS, Source(HANDBOOK)),
    }


def test_the_dictionary_is_read(workshop: Path) -> None:
    """Fields and tables have everything that the dictionary says of them, in its order."""
    dictionary = load_rulebook(workshop).dictionary
    assert dictionary.fields["job.type"] == TYPE
    assert dictionary.sections == ("case", "job")
    table = dictionary.tables["faults"]
    assert (table.label, table.one, table.named_by, table.key) == ("faults", "fault", "name", "name")
    assert table.columns["found_on"] == Field(
        "found_on", "found on", Kind.DATE, "The day it was found.", past=True, table="faults"
    )


def test_the_calendar_is_read(workshop: Path) -> None:
    """The calendar that the rulebook names is read from the folder beside it."""
    calendar = load_rulebook(workshop).calendar
    assert isinstance(calendar, WorkingCalendar)
    assert (calendar.id, calendar.covers_from, calendar.covers_until) == ("town", date(2020, 1, 1), date(2021, 12, 31))
    assert calendar.holidays == {date(2020, 1, 1), date(2020, 12, 25), date(2021, 1, 1)}


def test_a_criterion_is_read(workshop: Path) -> None:
    """A criterion has what its file says, its folder as its theme and its stem as its id."""
    criterion = load_rulebook(workshop).criterion["work-sound"]
    assert (criterion.theme, criterion.title, criterion.question) == (
        "2-repairs",
        "The work is sound",
        "Is the work sound?",
    )
    assert (criterion.basis, criterion.severity) == (Basis.JUDGEMENT, Severity.MEDIUM)
    assert (criterion.source, criterion.remedy) == (Source(HANDBOOK, "10"), "Do it again.")
    assert (criterion.owner, criterion.help) == ("case.manager", "")
    assert [flag.id for flag in criterion.flags] == ["fault-left"]
    assert criterion.file == "workshop/2-repairs/work-sound.toml"


def test_a_criterion_of_rows_is_read(workshop: Path) -> None:
    """A criterion that is asked of each row names the table, and which of its rows."""
    per = load_rulebook(workshop).criterion["fault-dated"].per
    assert isinstance(per, PerRow)
    assert (per.table, per.where is None) == ("faults", False)


def test_examples_are_read(workshop: Path) -> None:
    """An example has its record, outcome, answer, flags and line, and the rulebook's as-of date unless it says."""
    example = load_rulebook(workshop).criterion["work-sound"].examples[1]
    assert example.given == {"faults": [{"name": "F1", "part": "brake"}], "parts": []}
    assert (example.outcome, example.answer) == (Outcome.NOT_MET, ReadersAnswer.NO)
    assert (example.flags, example.as_of, example.line) == (("fault-left",), date(2020, 6, 1), 18)


def test_an_example_may_have_its_own_as_of_date(workshop: Path, change: Change) -> None:
    """An example that gives an as-of date is read as at that date."""
    change(PRICE_FILE, "job.price = 20 }", "job.price = 20 }\nas_of = 2020-03-01")
    assert load_rulebook(workshop).criterion["price-agreed"].examples[2].as_of == date(2020, 3, 1)


def test_an_example_may_end_on_its_as_of_date(workshop: Path, change: Change) -> None:
    """Something done on the as-of date itself is not in the future."""
    change("1-bookings/ready-in-time.toml", "job.ready_on = 2020-05-20", "job.ready_on = 2020-06-01")
    assert load_rulebook(workshop).criteria


def test_an_example_written_inline_has_its_line(workshop: Path) -> None:
    """Examples may be written as one list, and each still knows where it stands."""
    path = workshop / PRICE_FILE
    rows = path.read_text(encoding="utf-8").split("[[example]]\n")
    inline = ",\n".join("  { " + ", ".join(row.strip().splitlines()) + " }" for row in rows[1:])
    path.write_text(f"{rows[0]}example = [\n{inline}\n]\n", encoding="utf-8")
    assert [e.line for e in load_rulebook(workshop).criterion["price-agreed"].examples] == [11, 12, 13, 14]


def test_conclusions_are_read(workshop: Path) -> None:
    """Conclusions keep the file's order, and each premise is what it says."""
    rulebook = load_rulebook(workshop)
    assert [fact.id for fact in rulebook.facts] == ["dear"]
    ring, apologise, slow, very_slow = rulebook.conclusions
    assert (ring.id, ring.on, ring.kind, ring.every) == ("ring-now", Scope.CASE, ConclusionKind.ACTION, True)
    assert ring.premises == (
        OutcomeIs("ready-in-time", (Outcome.NOT_MET,)),
        OutcomeIs("price-agreed", (Outcome.NOT_MET, Outcome.NOT_EVIDENCED)),
    )
    assert apologise.every is False
    assert apologise.premises == (FactIs("dear"), Concluded("ring-now"), FlagIs("work-sound", "fault-left"))
    assert slow.premises == (RateIn("ready-in-time", ("poor",)),)
    assert very_slow.premises == (Concluded("slow"), RateIn("work-sound", ("good", "too few")))


def test_a_rulebook_needs_no_conclusions(workshop: Path) -> None:
    """A rulebook without conclusions.toml is a rulebook without conclusions."""
    (workshop / "conclusions.toml").unlink()
    rulebook = load_rulebook(workshop)
    assert (rulebook.facts, rulebook.conclusions) == ((), ())


def test_criteria_come_in_reading_order(workshop: Path, change: Change) -> None:
    """Criteria come by theme in the rulebook's order, then by paragraph as people count, then by id."""
    assert [c.id for c in load_rulebook(workshop).criteria] == [
        "price-agreed",
        "ready-in-time",
        "fault-dated",
        "work-sound",
    ]
    first, second = '[themes.1-bookings]\ntitle = "Bookings"', '[themes.2-repairs]\ntitle = "Repairs"'
    change("rulebook.toml", f"{first}\n\n{second}", f"{second}\n\n{first}")
    change(PRICE_FILE, 'paragraph = "1"', 'paragraph = "management"')
    assert [c.id for c in load_rulebook(workshop).criteria] == [
        "fault-dated",
        "work-sound",
        "ready-in-time",
        "price-agreed",
    ]


def test_a_paragraph_shared_is_ordered_by_id(workshop: Path, change: Change) -> None:
    """Criteria of one paragraph come in the order of their ids."""
    change("2-repairs/work-sound.toml", 'paragraph = "10"', 'paragraph = "9"')
    assert [c.id for c in load_rulebook(workshop).criteria][2:] == ["fault-dated", "work-sound"]


def test_layout_does_not_enter_the_hash(workshop: Path) -> None:
    """Comments, blank lines, line ends, a byte-order mark and the order of keys leave the hash as it is."""
    before = load_rulebook(workshop).hash
    path = workshop / PRICE_FILE
    text = path.read_text(encoding="utf-8")
    title, question = text.splitlines()[:2]
    turned = text.replace(f"{title}\n{question}", f"# The same in another order.\n\n{question}\n{title}")
    path.write_bytes(b"\xef\xbb\xbf" + turned.replace("\n", "\r\n").encode())
    assert load_rulebook(workshop).hash == before


def test_the_folder_does_not_enter_the_hash(workshop: Path) -> None:
    """A copy under another name has the same hash, and its own id."""
    before = load_rulebook(workshop).hash
    copy = workshop.rename(workshop.parent / "garage")
    assert (load_rulebook(copy).id, load_rulebook(copy).hash) == ("garage", before)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (PRICE_FILE, "Ask the customer.", "Ask the customer again."),
        ("../calendars/town.toml", "2021-01-01]", "2021-01-04]"),
        ("rulebook.toml", "value = 100", "value = 101"),
        ("dictionary.toml", "What was booked.", "What was asked for."),
        ("conclusions.toml", "Jobs take too long.", "Jobs take long."),
    ],
)
def test_content_enters_the_hash(file: str, old: str, new: str, workshop: Path, change: Change) -> None:
    """A change to what any of the files says, or the calendar, changes the hash."""
    before = load_rulebook(workshop).hash
    change(file, old, new)
    assert load_rulebook(workshop).hash != before


def test_the_order_of_themes_enters_the_hash(workshop: Path, change: Change) -> None:
    """What changes the order of a report changes the hash."""
    before = load_rulebook(workshop).hash
    first, second = '[themes.1-bookings]\ntitle = "Bookings"', '[themes.2-repairs]\ntitle = "Repairs"'
    change("rulebook.toml", f"{first}\n\n{second}", f"{second}\n\n{first}")
    assert load_rulebook(workshop).hash != before


def test_an_unreadable_file_hides_no_other_problem(change: Change, problems: Problems) -> None:
    """A file that is not TOML is told beside the mistakes of the others, and nothing is called unused for it."""
    change("1-bookings/ready-in-time.toml", 'kind = "evidence"', "kind = evidence")
    change("2-repairs/work-sound.toml", 'severity = "medium"', 'severity = "middling"')
    told = problems()
    assert [problem.partition(":")[0] for problem in told] == [
        "workshop/1-bookings/ready-in-time.toml, line 3",
        "workshop/2-repairs/work-sound.toml, line 4 (criterion work-sound)",
    ]


def test_latin_1_is_told(workshop: Path, problems: Problems) -> None:
    """A file in another encoding is told with its line, and how to save it."""
    path = workshop / PRICE_FILE
    path.write_bytes(path.read_bytes().replace(b"Ask the customer.", b"Ask Ren\xe9."))
    expected = "workshop/1-bookings/price-agreed.toml, line 6: the file is not UTF-8 text\n"
    assert problems() == [f"{expected}  What to do: Save it again with the encoding UTF-8."]


def test_a_huge_file_is_told(workshop: Path, problems: Problems) -> None:
    """A file larger than a rule file can be is not read."""
    (workshop / PRICE_FILE).write_bytes(b"#" * (1024 * 1024 + 1))
    assert "the file has 1,048,577 bytes, and a rule file may have 1,048,576" in problems()[0]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_not_waited_for(workshop: Path, problems: Problems) -> None:
    """What is no ordinary file is told, and not opened."""
    os.mkfifo(workshop / "2-repairs" / "pipe.toml")
    assert "workshop/2-repairs/pipe.toml: this is not an ordinary file" in problems()[0]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="there are no symbolic links here")
def test_a_link_to_itself_is_told(workshop: Path, problems: Problems) -> None:
    """A link that leads nowhere is told as a file that cannot be read."""
    (workshop / "2-repairs" / "loop.toml").symlink_to("loop.toml")
    assert "workshop/2-repairs/loop.toml: the file cannot be read" in problems()[0]


def test_other_files_are_let_be(workshop: Path) -> None:
    """Files that are not TOML, and hidden ones, may stand beside the rules."""
    (workshop / "README.md").write_text("About the rules.", encoding="utf-8")
    (workshop / "1-bookings" / ".draft.toml").write_text("not = TOML yet", encoding="utf-8")
    (workshop / ".git").mkdir()
    assert len(load_rulebook(workshop).criteria) == 4


@pytest.mark.parametrize("file", ["rulebook.toml", "dictionary.toml"])
def test_a_missing_file_is_told(file: str, workshop: Path, problems: Problems) -> None:
    """Without the head or the dictionary there is no rulebook, and that is all that is told."""
    (workshop / file).unlink()
    assert problems() == [
        f"workshop/{file}: the file is missing\n  What to do: Add it: docs/rule-language.md says what stands in it."
    ]


def test_a_missing_calendar_is_told(workshop: Path, problems: Problems) -> None:
    """Where there is no calendar to choose from, the advice is to add it."""
    (workshop.parent / "calendars" / "town.toml").unlink()
    assert 'there is no calendar "town"' in problems()[0]
    assert "Add calendars/town.toml beside the rulebook's folder." in problems()[0]


def test_problems_come_in_order_of_place(change: Change, problems: Problems) -> None:
    """Problems are sorted by file and line, whatever the order in which they were found."""
    change("rulebook.toml", "at_least = 80", "at_least = 180")
    change("rulebook.toml", 'status = "local"', 'status = "locally"')
    change(PRICE_FILE, 'kind = "evidence"', 'kind = "evident"')
    assert [problem.partition(" (")[0].partition(":")[0] for problem in problems()] == [
        "workshop/1-bookings/price-agreed.toml, line 3",
        "workshop/rulebook.toml, line 22",
        "workshop/rulebook.toml, line 42",
    ]


def test_an_unknown_name_is_told() -> None:
    """A rulebook that is not there is an error meant for people, and no list of problems."""
    with pytest.raises(CasescreenError, match='there is no rulebook or folder "nothing-of-the-kind"') as error:
        load_rulebook("nothing-of-the-kind")
    assert not isinstance(error.value, ProblemsError)


def test_a_rulebook_without_a_manager_has_no_owner_to_check(workshop: Path, change: Change) -> None:
    """A dictionary may leave managers out; criteria that name no owner are still sound."""
    manager = '[fields.case.manager]\nlabel = "mechanic"\ntype = "text"\nmeaning = "Who does the job."\n'
    change("dictionary.toml", manager, "")
    change("rulebook.toml", '[roles]\nmanager = "case.manager"\n', "")
    rulebook = load_rulebook(workshop)
    assert "case.manager" not in rulebook.dictionary.fields
    assert {criterion.owner for criterion in rulebook.criteria} == {""}


def test_an_outcome_that_cannot_come_about_needs_no_example(workshop: Path, change: Change) -> None:
    """A criterion whose tests are guarded never lacks evidence, and needs no example of it."""
    change(PRICE_FILE, '{ field = "job.price", more_than = "$dear" }', '{ field = "job.agreed", recorded = true }')
    change(PRICE_FILE, '\n[[example]]\ngiven = { job.agreed = true }\noutcome = "not evidenced"\n', "")
    change(PRICE_FILE, "job.price = 20 }", "job.price = 20 }\nnote = 'It is not asked of small jobs.'")
    assert len(load_rulebook(workshop).criterion["price-agreed"].examples) == 3


def test_a_folder_that_cannot_be_listed_is_told(
    workshop: Path, problems: Problems, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A theme that may not be looked into is told; its criteria are not called missing or unused."""
    listing = Path.iterdir

    def refuse(folder: Path) -> Iterator[Path]:
        if folder.name == "2-repairs":
            raise PermissionError(13, "Permission denied")
        return listing(folder)

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert problems()[0] == "workshop/2-repairs: the folder cannot be read: permission denied"
    assert workshop.is_dir()


FACTS = """[facts.cheap]
says = "the job is cheap"
when = { not = { field = "job.price", more_than = "$dear" } }

[facts.small]
says = "it is a cheap service"
when = { all = [{ fact = "cheap" }, { field = "job.type", is = "service" }] }
"""
DEAR = '{ field = "job.price", more_than = "$dear" }'


_CHECK = """[checks.odd]
kind = "unusual"
says = "it is odd"
when = { fact = "small" }
[[checks.odd.example]]
given = { job.price = 20, job.type = "service" }
holds = true
[[checks.odd.example]]
given = { job.price = 120, job.type = "service" }
holds = false
"""


def test_a_fact_stands_for_its_condition(workshop: Path, change: Change) -> None:
    """What names facts is what it would be with their conditions written out, on the case and on its rows."""
    (workshop / "facts.toml").write_text(FACTS, encoding="utf-8")
    (workshop / "checks.toml").write_text(_CHECK, encoding="utf-8")
    change(PRICE_FILE, f"applies = {DEAR}", 'applies = { any = [{ fact = "small" }, { fact = "dear" }] }')
    change("2-repairs/fault-dated.toml", 'is_not = "chain" } }', 'is_not = "chain" } }\napplies = { fact = "small" }')
    change("2-repairs/work-sound.toml", "when = {", 'when = { fact = "small" }\n# when = {')
    named = load_rulebook(workshop)
    assert [fact.id for fact in named.facts] == ["cheap", "small", "dear"]
    small = f'{{ all = [{{ not = {DEAR} }}, {{ field = "job.type", is = "service" }}] }}'
    for file in (PRICE_FILE, "2-repairs/fault-dated.toml", "2-repairs/work-sound.toml", "checks.toml"):
        change(file, '{ fact = "small" }', small)
    change(PRICE_FILE, '{ fact = "dear" }', DEAR)
    (workshop / "facts.toml").unlink()
    written_out = load_rulebook(workshop)
    assert (named.criteria, named.checks) == (written_out.criteria, written_out.checks)


def test_facts_of_an_unreadable_file_are_not_missed(workshop: Path, change: Change, problems: Problems) -> None:
    """Where facts.toml cannot be read that is told, and not also wherever one of its facts is named."""
    (workshop / "facts.toml").write_text(f"{FACTS}]", encoding="utf-8")
    change(PRICE_FILE, f"applies = {DEAR}", 'applies = { fact = "small" }')
    change("conclusions.toml", DEAR, '{ not = { fact = "cheap" } }')
    assert [problem.partition(",")[0] for problem in problems()] == ["workshop/facts.toml"]


def test_a_rulebook_says_what_can_never_be_accepted(workshop: Path, change: Change) -> None:
    """Of a criterion, or of all criteria of a theme; else everything can be."""
    assert all(one.waivable for one in load_rulebook(workshop).criteria)
    change(PRICE_FILE, "severity =", "waivable = false\nseverity =")
    assert [one.id for one in load_rulebook(workshop).criteria if not one.waivable] == ["price-agreed"]
    change("rulebook.toml", 'title = "Repairs"', 'title = "Repairs"\nwaivable = false')
    rulebook = load_rulebook(workshop)
    assert {one.theme for one in rulebook.criteria if not one.waivable} == {"1-bookings", "2-repairs"}
    assert all(not one.waivable for one in rulebook.criteria if one.theme == "2-repairs")
    assert "Waivers: none." in rule_text(rulebook, rulebook.criterion["price-agreed"], 80)

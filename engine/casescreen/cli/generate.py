"""casescreen generate: a made-up caseload, to try things on and to measure with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from casescreen import __version__
from casescreen.cli.options import IsoDate, rulebook_named, rules_option, say
from casescreen.extras import import_extra
from casescreen.model.problem import CasescreenError
from casescreen.text import counted, in_words, visible

_FORMS = ("parquet", "csv", "json-lines", "toml")
_LARGEST = 999_999_999
_EPILOG = """\b
Examples:
  casescreen generate try-out --cases 20 --seed 1 --form toml
  casescreen generate nation --cases 1000000 --seed 7
"""


@click.command(epilog=_EPILOG)
@click.argument("folder", metavar="OUT", type=click.Path(path_type=Path, file_okay=False))
@click.option("--cases", type=click.IntRange(1, _LARGEST), required=True, metavar="N", help="How many cases.")
@click.option(
    "--seed", type=int, required=True, metavar="S", help="Any whole number. The same one gives the same cases."
)
@click.option(
    "--as-of",
    type=IsoDate(),
    metavar="DATE",
    help="Make the cases up as they stood on this date. [default: the one that the rulebook's generate.toml states]",
)
@click.option(
    "--form",
    type=click.Choice(_FORMS),
    default=_FORMS[0],
    show_default=True,
    help="Parquet for many cases; the others as people keep them.",
)
@click.option("--force", is_flag=True, help="Replace made-up cases that are there already.")
@rules_option
def command(folder: Path, cases: int, seed: int, as_of: date | None, form: str, force: bool, rules: str | None) -> None:
    """Make up N cases, and write them into a new folder OUT.

    They are drawn from the rulebook's dictionary and from what its generate.toml says is plausible. They are about
    nobody: try things on them, and measure with them, and conclude nothing from them.
    """
    from casescreen.synth.load import load_spec  # noqa: PLC0415 - imported when used: start-up time

    rulebook = rulebook_named(rules)
    spec = load_spec(rules or None, rulebook)
    day = as_of or spec.as_of
    if day is None:
        raise CasescreenError(
            f"{visible(rulebook.id)} has no generate.toml that states for what date cases are made up.",
            advice="give one, as in --as-of 2016-05-09.",
        )
    import_extra(
        "casescreen.synth.made_up",
        "Cases cannot be made up here, because {package} is not installed.",
        advice='run  pip install "casescreen[bulk]"',
    )
    from casescreen.synth.made_up import made_up, write_cases  # noqa: PLC0415 - it needs packages that may not be there

    note = (
        "These cases are made up. They are about nobody, and nothing can be concluded from them.\n\n"
        f"{counted(cases, 'case')} with the seed {seed}, as they stood on {in_words(day)},\n"
        f"drawn by casescreen {__version__} for {rulebook.id}, version {rulebook.version}, {rulebook.hash}.\n"
    )
    parts = made_up(rulebook, spec, cases=cases, seed=seed, as_of=day)
    write_cases(parts, rulebook.dictionary, folder, form, note=note, force=force)
    say(f"{counted(cases, 'made-up case')} written to {visible(str(folder))}.")

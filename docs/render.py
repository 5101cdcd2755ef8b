"""Write what can be generated into the documentation: output of commands, tables and the losses.

`python docs/render.py` runs the commands of the console blocks and writes what they print below
them, fills the tables between `<!-- NAME -->` and `<!-- end -->` from the registries, and writes
the pages that are generated whole. The tests compare the files with what it would write.
"""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from textwrap import indent

from lossctl import losses, renderers
from lossctl.commands.losses import gradient_of
from lossctl.evaluation.warnings import WARNINGS
from lossctl.gate.rules import RULES, Rule
from lossctl.losses.loss import NUMBERS, Formula, Guard, Loss
from lossctl.tables import formats
from lossctl.tables.streams.compression import COMPRESSIONS

ROOT = Path(__file__).resolve().parents[1]
FILES = ("README.md", "docs/cli.md", "docs/ci.md", "docs/outputs.md", "docs/inputs.md")


def rendered(text: str) -> str:
    """Return `text` with its tables, and with the output of every command in its console blocks."""
    return _with_tables(_with_outputs(text))


def _with_outputs(text: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "sample_data").symlink_to(ROOT / "sample_data")
        return re.sub(
            r"(?<=^```console\n).*?(?=^```$)",
            lambda block: "".join(_with_output(line, folder) for line in _commands(block[0])),
            text,
            flags=re.MULTILINE | re.DOTALL,
        )


def _commands(block: str) -> list[str]:
    return [line[2:] for line in block.splitlines() if line.startswith("$ ")]


def _with_output(command: str, folder: str) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={"PATH": path, "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return f"$ {command}\n{done.stdout}"


# Tables.


def _with_tables(text: str) -> str:
    return re.sub(
        r"(^<!-- (.*) -->\n)(?:^(?:\||- ).*\n)*(?=^<!-- end -->$)",
        lambda found: found[1] + TABLES[found[2]](),
        text,
        flags=re.MULTILINE,
    )


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    header = tuple(header)
    lines = [header, *rows]
    drawn = ["| " + " | ".join(cells) + " |\n" for cells in lines]
    return drawn[0] + "|" + "---|" * len(header) + "\n" + "".join(drawn[1:])


def _code(texts: Iterable[str]) -> str:
    """Return texts as code, in a cell of a table."""
    return ", ".join(f"`{text}`" for text in texts).replace("|", r"\|")


def input_formats() -> str:
    """Return the table of input formats: a row for all formats of which it says the same."""
    rows: dict[tuple[str, str | None], list[formats.Format]] = {}
    for entry in formats.FORMATS.values():
        rows.setdefault((entry.notes, entry.extra), []).append(entry)
    text = [_input_row(entries) for entries in rows.values() if not entries[0].magic]
    binary = [_input_row(entries) for entries in rows.values() if entries[0].magic]
    compressed = (
        "text, compressed",
        f"and {_code([*COMPRESSIONS, '.zip'])}",
        f"zst takes {_installed_by(COMPRESSIONS['.zst'].extra)}; a zip holds one file",
    )
    return _table(("format", "known by", "notes"), [*text, compressed, *binary])


def _input_row(entries: list[formats.Format]) -> tuple[str, str, str]:
    names = ", ".join(name for entry in entries for name in entry.names)
    extensions = [
        extension
        for entry in entries
        for extension in entry.extensions
        if extension not in entry.unlisted
    ]
    first = entries[0]
    notes = [first.notes] if first.notes else []
    notes += [f"takes {_installed_by(first.extra)}"] if first.extra else []
    return first.heading or names, _code(extensions), "; ".join(notes)


def _installed_by(extra: str | None) -> str:
    return _code([f"pip install 'lossctl[{extra}]'"])


def output_formats() -> str:
    """Return the table of output formats: a row for all formats with the same summary."""
    rows: dict[str, list[str]] = {}
    for name, entry in renderers.FORMATS.items():
        rows.setdefault(entry.summary, []).append(name)
    return _table(
        ("format", "what it is"), [(_code(names), summary) for summary, names in rows.items()]
    )


def families() -> str:
    """Return the list of the losses: a line for each family."""
    members: dict[str, list[str]] = {}
    for name in losses.LOSSES:
        members.setdefault(losses.entry(name).family, []).append(name)
    return "".join(f"- {family}: {_code(names)}\n" for family, names in members.items())


TABLES: dict[str, Callable[[], str]] = {
    "input formats": input_formats,
    "losses": families,
    "output formats": output_formats,
}
"""What stands between `<!-- NAME -->` and `<!-- end -->`."""


# Pages.

LOSSES = """\
# Losses

What the catalogue, `lossctl.losses`, says of each loss; `docs/render.py` writes it here, and a
test compares. y are the predictions and d the targets of one sample with k components, and Loss(W)
is the mean over all samples.
"""


def losses_page() -> str:
    """Return the page with a section for every loss."""
    return "\n".join([LOSSES, *(section(losses.entry(name)) for name in losses.LOSSES)])


def section(loss: Loss) -> str:
    """Return the section of one loss."""
    formula = loss.formula
    facts = {
        "family": loss.family,
        "units": loss.units,
        "predictions": formula.predictions.title,
        "targets": formula.targets.title,
        "guard": _guard(formula.guard),
        "gradient": gradient_of(loss),
        "source": loss.source,
    }
    elsewhere = [f"- elsewhere: {said}\n" for said in loss.elsewhere()]
    parts = [
        f"## `{loss.name}`: {loss.title}\n",
        f"```text\n{formula.text}\n```\n",
        "".join([*(f"- {name}: {fact}\n" for name, fact in facts.items()), *elsewhere]),
    ]
    if NUMBERS not in loss.scales:
        rows = [(_code([name]), *_of_scale(other)) for name, other in loss.scales.items()]
        parts.append("Predictions may be given on these scales:\n")
        parts.append(_table(("`--from`", "formula", "predictions", "guard"), rows))
    if loss.parameters:
        parts.append(_parameters(loss))
    return "\n".join(parts)


def _of_scale(formula: Formula) -> tuple[str, str, str]:
    return _code([formula.text]), formula.predictions.title, _guard(formula.guard)


def _guard(guard: Guard | None) -> str:
    return f"{guard.eps:g} is added inside each logarithm" if guard else "none"


def _parameters(loss: Loss) -> str:
    rows = [
        (_code([name]), "" if it.default is None else f"{it.default:g}", it.range, it.meaning)
        for name, it in loss.parameters.items()
    ]
    name, first = next(iter(loss.parameters.items()))
    written = f"--loss {loss.name}:{name}={first.shown:g}"
    table = _table(("parameter", "default", "range", "meaning"), rows)
    return f"Parameters are written behind its name, as in `{written}`:\n\n{table}"


WARNINGS_HEAD = """\
# Warnings

What is odd but valid is told on stderr, and `warnings` of the JSON report names it by its code,
with a message and a count. In Python it is a `lossctl.LossWarning`. What is as it should be, but
may surprise (`perfect-prediction`), stands behind the formula below the table, and in `notes` of
the loss.
`docs/render.py` writes this list from the registry of warnings.

"""
WARNINGS_END = """
With one of these the numbers can hardly be those that were meant, and a `check` fails, be it an
update or not, unless `--allow-doubts` lets it pass:
"""


def warnings_page() -> str:
    """Return the page with the code of every warning, and when it is told."""
    rows = [(_code([kind.code]), _first_paragraph(kind)) for kind in WARNINGS]
    unlikely = _code([kind.code for kind in WARNINGS if kind.unlikely])
    return f"{WARNINGS_HEAD}{_table(('code', 'when'), rows)}{WARNINGS_END}{unlikely}.\n"


def _first_paragraph(kind: type) -> str:
    paragraph, _, _ = (inspect.getdoc(kind) or "").partition("\n\n")
    return " ".join(paragraph.split()).replace("|", r"\|")


# The action, which has three lines for each rule of the gate.


def action() -> str:
    """Return the file of the action, what lies between its markers made of the rules."""
    lines = {
        "described": [_described(name, rule) for name, rule in RULES.items()],
        "set": [f"{_variable(name)}: ${{{{ inputs.{name} }}}}\n" for name in RULES],
        "given": [f'option --{name} "${_variable(name)}"\n' for name in RULES],
    }
    return re.sub(
        r"(?s)^( *)# rules, (\w+)\n.*?(?=^ *# end$)",
        lambda found: indent(f"# rules, {found[2]}\n" + "".join(lines[found[2]]), found[1]),
        (ROOT / "action.yml").read_text(),
        flags=re.MULTILINE,
    )


def _described(name: str, rule: Rule) -> str:
    return f'{name}:\n  description: "{rule.help}. Empty is no limit."\n  default: ""\n'


def _variable(name: str) -> str:
    return f"LOSSCTL_{name.upper().replace('-', '_')}"


PAGES: dict[str, Callable[[], str]] = {
    "docs/losses.md": losses_page,
    "docs/warnings.md": warnings_page,
    "action.yml": action,
}
"""Files that are generated, whole or between markers of their own."""


def main() -> None:
    """Rewrite the documentation."""
    for name in FILES:
        file = ROOT / name
        file.write_text(rendered(file.read_text()))
    for name, page in PAGES.items():
        (ROOT / name).write_text(page())


if __name__ == "__main__":
    main()

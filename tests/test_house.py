"""The layers of the house, and what starting a command may import."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "lossctl"

ROOMS = {
    "__main__": (7, "the process: signals, standard streams, exit code"),
    "child": (6, "the command in a child process, where memory is limited"),
    "cli": (6, "the Typer app; exceptions become exit codes"),
    "__init__": (6, "the public names, imported when they are asked for"),
    "commands": (5, "a file or a folder a command: options, checks, run, show"),
    "python": (5, "`lossctl.evaluate`, and its report and errors as Python shows them"),
    "evaluation": (4, "tables to per-sample losses and a report"),
    "renderers": (4, "reports, verdicts and per-sample rows to text"),
    "pairing": (3, "two tables, or one that holds both, to the same samples"),
    "gate": (3, "a report and limits to verdicts; baselines, the ratchet, `lossctl.toml`"),
    "tables": (2, "a file, a stream or an array to blocks of rows"),
    "losses": (2, "the catalogue of losses, and the domains of what they are taken of"),
    "results": (2, "exact sums, samples, summaries, the report, the signature"),
    "outputs": (2, "files that are written whole or not at all, messages, the terminal, progress"),
    "engines": (2, "where blocks are evaluated: results in order from a bounded window"),
    "base": (1, "what three rooms or more use, and what imports nothing of ours"),
}
"""Room -> its floor, and what lives there. A room may import rooms of lower floors only."""


def module_name(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


MODULES = {module_name(path): path for path in PACKAGE.rglob("*.py")}


def imports_of(path: Path, registries: bool = False) -> set[str]:
    """Return the modules of the package that a file imports, or names in a registry, anywhere."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names] + [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif registries and isinstance(node, ast.Constant) and isinstance(node.value, str):
            names = [node.value.split(":")[0]]  # "module:attribute"
        found |= {name for name in names if name in MODULES}
    return found - {"lossctl", module_name(path)}


def privately_known(path: Path) -> set[str]:
    """Return the names with a leading underscore that a file imports from, or finds in, others."""
    tree = ast.parse(path.read_text())
    modules = set()
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lossctl"):
            modules |= {alias.asname or alias.name for alias in node.names}
            found |= {alias.name for alias in node.names if alias.name.startswith("_")}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            private = node.attr.startswith("_") and node.value.id in modules
            found |= {f"{node.value.id}.{node.attr}"} if private else set()
    return {name for name in found if not name.split(".")[-1].startswith(("__", "_replace"))}


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


OPTIONS = {"lossctl.commands.check.command", "lossctl.python.calling"}  # long lists of them
INSIDE = sorted(set(MODULES) - {"lossctl"})


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_go_only_downwards(module: str) -> None:
    room = room_of(module)
    floors = {
        other: ROOMS[room_of(other)][0]
        for other in imports_of(MODULES[module], registries=True)
        if room_of(other) != room
    }
    assert {other for other, floor in floors.items() if floor >= ROOMS[room][0]} == set()


def test_every_room_is_in_the_table_and_the_table_in_the_documentation() -> None:
    assert {room_of(module) for module in MODULES} == set(ROOMS)
    text = (ROOT / "docs/architecture.md").read_text()
    rows = [f"| {floor} | `{room}` | {what} |" for room, (floor, what) in ROOMS.items()]
    assert "\n".join(rows) in text


def test_base_holds_what_three_rooms_or_more_use() -> None:
    users: dict[str, set[str]] = {module: set() for module in MODULES if room_of(module) == "base"}
    for module, path in MODULES.items():
        for other in imports_of(path) & set(users):
            users[other].add(room_of(module))
    few = {
        name
        for name, rooms in users.items()
        if name != "lossctl.base" and len(rooms - {"base"}) < 3
    }
    assert few == set()


@pytest.mark.parametrize("module", sorted(MODULES))
def test_what_begins_with_an_underscore_stays_in_its_module(module: str) -> None:
    assert privately_known(MODULES[module]) == set()


def test_no_cycle_between_modules() -> None:
    # Registries are left out: what they name is imported when it is used, and imports them back.
    graph = {module: imports_of(MODULES[module]) for module in INSIDE}
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError
    assert set(order) == set(INSIDE)


@pytest.mark.parametrize("module", INSIDE)
def test_modules_and_functions_stay_small(module: str) -> None:
    text = MODULES[module].read_text()
    assert len(text.splitlines()) <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and module not in OPTIONS:
            assert (node.end_lineno or 0) - node.lineno + 1 <= 40, node.name


def loaded(code: str, *arguments: str) -> set[str]:
    """Return the modules that were imported after some code has run."""
    report = "\nimport json, sys\nprint('\\n' + json.dumps(list(sys.modules)), file=sys.stderr)"
    run = subprocess.run(
        [sys.executable, "-c", code + report, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(run.stderr.splitlines()[-1]))


CALL = """
import sys
from lossctl.__main__ import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""
HEAVY = {"numpy", "pandas", "rich", "scipy", "pyarrow"}
COSTLY = {
    "pandas",
    "junitparser",
    "tomllib",
    "tempfile",
    "concurrent.futures",
    "numpy.ma",
    "numpy.typing",
    "pydantic",
}
OF_TYPER = {"rich"}
"""What Typer imports itself, if it is an old one."""
OF_NUMPY = {"numpy.ma"}


def test_importing_the_library_imports_nothing_heavy() -> None:
    assert loaded("import lossctl") & HEAVY == set()
    modules = loaded("import lossctl; lossctl.evaluate([0.5], [1.0], loss='mse')")
    assert "numpy" in modules
    assert modules & {"pandas", "rich", "pyarrow"} == set()


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["eval", "--help"], ["check", "--help"]]
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    modules = loaded(CALL, *arguments)
    assert modules & HEAVY == loaded("import typer") & OF_TYPER
    assert "lossctl.evaluation.pipeline" not in modules


@pytest.mark.parametrize("command", [["eval"], ["check", "--max-loss=1"]])
def test_a_small_csv_is_evaluated_without_what_costs_time(command: list[str]) -> None:
    folder = "sample_data/digits"
    modules = loaded(CALL, *command, f"{folder}/preds.csv", f"{folder}/targets.csv", "-lce")
    assert "lossctl.evaluation.pipeline" in modules
    assert modules & COSTLY == loaded("import numpy") & OF_NUMPY
    assert "lossctl.commands.losses" not in modules


def test_parquet_is_evaluated_without_pandas(tmp_path: Path) -> None:
    table = pa.table({"number": [0.5, 1.5], "list": [[1.0], [2.0]], "hole": [1, None]})
    files = [str(tmp_path / name) for name in ("p.parquet", "t.parquet")]
    for file in files:
        parquet.write_table(table, file)
    modules = loaded(CALL, "eval", *files, "-lmse", "--nan=skip")
    assert "pyarrow" in modules
    assert "pandas" not in modules

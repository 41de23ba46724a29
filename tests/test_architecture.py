"""Who may import whom: the table of DESIGN.md as data, held against the imports of each module."""

from __future__ import annotations

import ast
import fnmatch
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("analyzer", "models", "webui", "fixtures")

BASE = {"analyzer.types", "analyzer.errors"}
WITH_SETTINGS = BASE | {"analyzer.settings"}
# The order of the stages: a stage may use an earlier one, never a later one.
STAGES = (
    "clean", "segment", "hearing", "reading", "embed", "discover", "names", "experience",
    "sentiment", "general", "grouping", "label", "wording", "phrases", "describe",
    "signs", "align", "explain", "pairing",
)  # fmt: skip
# Pure too, but about the results of runs rather than a stage of one.
ABOUT_RESULTS = (
    "lineage", "steadiness", "steps", "splitting", "found", "identity", "changes", "edits",
    "memory", "gathering", "increment",
)  # fmt: skip
# Masking is pure; reading a roster and loading Presidio are not.
MASKING = (
    "accounts", "addresses", "births", "checks", "contacts", "context", "cues", "ids", "lexicon",
    "phones", "redact", "roster", "spans", "table", "titles",
)  # fmt: skip
# The pure core: no clock, no path, no global, no input and output.
PURE = (
    "analyzer.types", "analyzer.words", "analyzer.language", "analyzer.pipeline",
    *(f"analyzer.{stage}" for stage in STAGES), "analyzer.discover.*",
    *(f"analyzer.{module}" for module in ABOUT_RESULTS),
    *(f"analyzer.redaction.{module}" for module in MASKING),
    "analyzer.experience_check", "analyzer.experience_fields", "analyzer.toml_lines",
    *(f"analyzer.guard.{stage}" for stage in ("groups", "suppress", "rounding", "publish")),
    "analyzer.layout", "analyzer.hexagons",
)  # fmt: skip
NOT_PURE = {"os", "pathlib", "sqlite3", "time", "datetime", "logging", "socket", "requests"}
HEAVY = {
    "torch", "bertopic", "spacy", "sentence_transformers", "lingua", "onnxruntime", "sklearn",
    "umap", "hdbscan", "transformers", "vaderSentiment", "presidio_analyzer", "cryptography",
}  # fmt: skip
# The first-party modules, by pattern, that a module may import. The first row that fits counts.
MAY_IMPORT: tuple[tuple[str, set[str]], ...] = (
    ("analyzer", {"analyzer.types", "analyzer.errors", "analyzer.settings", "analyzer.pipeline"}),
    ("analyzer.types", set()),
    ("analyzer.errors", set()),
    ("analyzer.words", set()),
    ("analyzer.settings", BASE),
    ("analyzer.language", BASE),
    ("analyzer.clean", WITH_SETTINGS | {"analyzer.words"}),
    ("analyzer.redaction", {"analyzer.redaction.*"}),
    ("analyzer.redaction.*", WITH_SETTINGS | {"analyzer.redaction.*", "analyzer.words"}),
    ("analyzer.segment", WITH_SETTINGS | {"analyzer.words"}),
    (
        "analyzer.reading",
        BASE | {"analyzer.clean", "analyzer.hearing", "analyzer.segment", "analyzer.language"},
    ),
    ("analyzer.embed", WITH_SETTINGS),
    ("analyzer.discover", WITH_SETTINGS | {"analyzer.discover.*"}),
    ("analyzer.discover.*", WITH_SETTINGS | {"analyzer.discover.*"}),
    ("analyzer.names", BASE | {"analyzer.words"}),
    (
        "analyzer.experience",
        BASE
        | {"analyzer.discover.assign", "analyzer.discover.space"}
        | {"analyzer.experience_check", "analyzer.experience_fields"},
    ),
    ("analyzer.experience_check", BASE | {"analyzer.experience_fields", "analyzer.toml_lines"}),
    ("analyzer.experience_fields", BASE | {"analyzer.toml_lines"}),
    ("analyzer.toml_lines", set()),
    ("analyzer.mapfile", WITH_SETTINGS),
    ("analyzer.sentiment", BASE | {"analyzer.discover.assign"}),
    ("analyzer.general", BASE | {"analyzer.words"}),
    (
        "analyzer.grouping",
        WITH_SETTINGS
        | {"analyzer.discover", "analyzer.discover.*", "analyzer.general", "analyzer.reading"},
    ),
    ("analyzer.label", BASE | {"analyzer.discover.assign", "analyzer.words"}),
    ("analyzer.wording", BASE | {"analyzer.language", "analyzer.words"}),
    ("analyzer.hearing", BASE | {"analyzer.words"}),
    ("analyzer.phrases", BASE | {"analyzer.label", "analyzer.wording"}),
    (
        "analyzer.describe",
        WITH_SETTINGS
        | {f"analyzer.{stage}" for stage in ("grouping", "label", "names", "phrases", "reading")}
        | {"analyzer.hearing"}
        | {"analyzer.discover.assign", "analyzer.discover.space", "analyzer.sentiment"},
    ),
    (
        "analyzer.signs",
        BASE | {"analyzer.discover.assign", "analyzer.discover.graph", "analyzer.experience"},
    ),
    ("analyzer.align", BASE | {"analyzer.experience", "analyzer.signs"}),
    ("analyzer.explain", BASE | {"analyzer.align"}),
    (
        "analyzer.pairing",
        WITH_SETTINGS
        | {f"analyzer.{stage}" for stage in ("align", "explain", "signs")}
        | {f"analyzer.{stage}" for stage in ("experience", "grouping", "label")},
    ),
    (
        "analyzer.pipeline",
        WITH_SETTINGS
        | {f"analyzer.{stage}" for stage in STAGES}
        | {"analyzer.discover.*", "analyzer.language", "analyzer.identity", "analyzer.steadiness"},
    ),
    ("analyzer.found", BASE),
    ("analyzer.identity", BASE | {"analyzer.hearing"}),
    ("analyzer.changes", set()),
    (
        "analyzer.steadiness",
        BASE
        | {"analyzer.discover.assign", "analyzer.grouping", "analyzer.identity"}
        | {"analyzer.reading"},
    ),
    ("analyzer.steps", set()),
    ("analyzer.layout", BASE),
    ("analyzer.hexagons", BASE),
    ("analyzer.lineage", set()),
    ("analyzer.splitting", BASE | {"analyzer.label", "analyzer.discover.assign"}),
    ("analyzer.edits", BASE | {"analyzer.found", "analyzer.lineage", "analyzer.steps"}),
    (
        "analyzer.memory",
        BASE
        | {f"analyzer.{module}" for module in ("gathering", "grouping", "identity", "pipeline")}
        | {"analyzer.sentiment"}
        | {"analyzer.discover.assign", "analyzer.discover.space"},
    ),
    (
        "analyzer.gathering",
        WITH_SETTINGS | {"analyzer.grouping", "analyzer.discover", "analyzer.discover.*"},
    ),
    (
        "analyzer.increment",
        WITH_SETTINGS
        | {f"analyzer.{module}" for module in ("found", "gathering", "identity", "memory")}
        | {f"analyzer.{stage}" for stage in ("describe", "experience", "grouping", "pairing")}
        | {"analyzer.pipeline", "analyzer.reading", "analyzer.discover", "analyzer.discover.*"},
    ),
    ("analyzer.importers", WITH_SETTINGS | {"analyzer.importers.*"}),
    ("analyzer.importers.*", WITH_SETTINGS | {"analyzer.importers", "analyzer.importers.*"}),
    ("analyzer.access", set()),
    ("analyzer.access.*", WITH_SETTINGS | {"analyzer.access.*", "analyzer.database"}),
    ("analyzer.migrations", BASE),
    ("analyzer.database", BASE | {"analyzer.migrations", "analyzer.files"}),
    ("analyzer.profiles", BASE | {"analyzer.database", "analyzer.importers.mapping"}),
    ("analyzer.arrivals", BASE),
    ("analyzer.access_log", BASE | {"analyzer.database", "analyzer.files"}),
    ("analyzer.tombstones", BASE | {"analyzer.files"}),
    ("analyzer.gate", BASE | {"analyzer.tombstones", "analyzer.importers.records"}),
    ("analyzer.whom", BASE | {"analyzer.gate", "analyzer.store", "analyzer.tombstones"}),
    ("analyzer.holdings", BASE | {"analyzer.files"}),
    ("analyzer.forgetting", BASE | {"analyzer.projection", "analyzer.stale"}),
    ("analyzer.rewording", BASE | {"analyzer.edits", "analyzer.found", "analyzer.projection"}),
    (
        "analyzer.erasure",
        BASE
        | {f"analyzer.{name}" for name in ("access_log", "database", "files", "forgetting")}
        | {f"analyzer.{name}" for name in ("holdings", "rewording", "tombstones", "vectors")}
        | {"analyzer.whom"},
    ),
    (
        "analyzer.retention",
        WITH_SETTINGS
        | {f"analyzer.{name}" for name in ("access_log", "database", "erasure", "files")}
        | {"analyzer.holdings", "analyzer.tombstones"},
    ),
    ("analyzer.search", BASE | {"analyzer.embed"}),
    (
        "analyzer.handing_out",
        BASE | {"analyzer.access_log", "analyzer.database", "analyzer.holdings"},
    ),
    ("analyzer.stale", set()),
    ("analyzer.remask", BASE | {"analyzer.database", "analyzer.stale", "analyzer.vectors"}),
    ("analyzer.raw", WITH_SETTINGS | {"analyzer.access_log", "analyzer.database"}),
    (
        "analyzer.store",
        WITH_SETTINGS
        | {"analyzer.database", "analyzer.arrivals", "analyzer.stale", "analyzer.remask"}
        | {"analyzer.tombstones"},
    ),
    ("analyzer.files", BASE),
    ("analyzer.batches", BASE),
    ("analyzer.vectors", BASE | {"analyzer.embed", "analyzer.reading"}),
    (
        "analyzer.undo",
        BASE
        | {
            f"analyzer.{name}"
            for name in ("batches", "database", "arrivals", "forgetting", "stale", "vectors")
        },
    ),
    ("analyzer.cells", set()),
    ("analyzer.limits", BASE),
    (
        "analyzer.preview",
        BASE
        | {"analyzer.importers", "analyzer.importers.*", "analyzer.clean", "analyzer.redaction"}
        | {"analyzer.redaction.redact"},
    ),
    ("analyzer.jobs", set()),
    ("analyzer.jobs.beside", {"analyzer.limits"}),
    ("analyzer.jobs.queue", BASE | {"analyzer.database"}),
    ("analyzer.jobs.uploads", BASE | {"analyzer.database", "analyzer.files", "analyzer.holdings"}),
    (
        "analyzer.jobs.reading",
        BASE
        | {"analyzer.importers", "analyzer.importers.mapping", "analyzer.limits"}
        | {"analyzer.profiles"},
    ),
    (
        "analyzer.jobs.reader",
        {"analyzer.importers", "analyzer.importers.mapping", "analyzer.limits"}
        | {"analyzer.preview"},
    ),
    ("analyzer.jobs.watch", BASE | {"analyzer.jobs.queue"}),
    (
        "analyzer.jobs.tasks",
        WITH_SETTINGS
        | {f"analyzer.{name}" for name in ("batches", "database", "intake", "queries", "runs")}
        | {"analyzer.importers.mapping", "analyzer.jobs.*", "analyzer.undo"},
    ),
    (
        "analyzer.jobs.worker",
        WITH_SETTINGS | {"analyzer.database", "analyzer.files", "analyzer.jobs.*"},
    ),
    ("analyzer.cli_jobs", {"analyzer.options", "analyzer.jobs.worker"}),
    (
        "analyzer.check",
        BASE
        | {"analyzer.access_log", "analyzer.database", "analyzer.embed", "analyzer.arrivals"}
        | {"analyzer.migrations", "analyzer.tombstones"},
    ),
    (
        "analyzer.backup",
        BASE
        | {f"analyzer.{name}" for name in ("access_log", "check", "database", "erasure", "files")}
        | {"analyzer.holdings", "analyzer.tombstones"},
    ),
    (
        "analyzer.provenance",
        BASE | {"analyzer.batches", "analyzer.arrivals", "analyzer.queries", "analyzer.rows"},
    ),
    ("analyzer.inbox", BASE | {"analyzer.files", "analyzer.importers.mapping"}),
    (
        "analyzer.receipts",
        BASE
        | {f"analyzer.{name}" for name in ("batches", "console", "files", "history")}
        | {"analyzer.ingest", "analyzer.intake"},
    ),
    (
        "analyzer.ingest",
        WITH_SETTINGS
        | {f"analyzer.{name}" for name in ("arrivals", "batches", "database", "files", "history")}
        | {f"analyzer.{name}" for name in ("inbox", "intake", "queries", "receipts", "runs")}
        | {"analyzer.holdings"},
    ),
    ("analyzer.edit_log", BASE | {"analyzer.edits", "analyzer.lineage"}),
    ("analyzer.history", BASE | {"analyzer.edit_log", "analyzer.edits"}),
    (
        "analyzer.editing",
        BASE
        | {f"analyzer.{module}" for module in ("database", "edit_log", "edits", "embed", "found")}
        | {f"analyzer.{module}" for module in ("projection", "splitting", "steps")},
    ),
    (
        "analyzer.guard.reads",
        BASE
        | {"analyzer.access.roles", "analyzer.database", "analyzer.queries", "analyzer.rows"}
        | {"analyzer.hearing", "analyzer.guard.*"},
    ),
    ("analyzer.guard.words", BASE | {"analyzer.hearing"}),
    ("analyzer.guard", set()),
    ("analyzer.guard.*", BASE | {"analyzer.rows", "analyzer.guard.*"}),
    (
        "analyzer.projection",
        BASE
        | {"analyzer.guard.cube"}
        | {f"analyzer.{module}" for module in ("edit_log", "edits", "embed", "found")}
        | {"analyzer.steps"},
    ),
    ("analyzer.record", BASE | {"analyzer.changes", "analyzer.edit_log", "analyzer.projection"}),
    (
        "analyzer.results",
        BASE
        | {f"analyzer.{module}" for module in ("database", "found", "projection", "record")}
        | {"analyzer.arrivals"},
    ),
    (
        "analyzer.standing",
        BASE
        | {f"analyzer.{module}" for module in ("edit_log", "edits", "found", "identity")}
        | {"analyzer.projection"},
    ),
    ("analyzer.waiting", BASE | {"analyzer.increment"}),
    (
        "analyzer.fitting",
        WITH_SETTINGS
        | {f"analyzer.{module}" for module in ("found", "identity", "memory", "pipeline")}
        | {f"analyzer.{module}" for module in ("projection", "queries", "results", "standing")}
        | {"analyzer.embed", "analyzer.hearing"},
    ),
    (
        "analyzer.extending",
        WITH_SETTINGS
        | {f"analyzer.{module}" for module in ("found", "gathering", "increment", "memory")}
        | {f"analyzer.{module}" for module in ("edit_log", "projection", "results", "waiting")}
        | {"analyzer.fitting", "analyzer.pipeline"},
    ),
    ("analyzer.rows", BASE),
    ("analyzer.queries", WITH_SETTINGS | {"analyzer.database", "analyzer.rows"}),
    (
        "analyzer.exports",
        WITH_SETTINGS
        | {"analyzer.cells", "analyzer.queries", "analyzer.rows", "analyzer.access.roles"}
        | {"analyzer.guard.reads", "analyzer.guard.tables"},
    ),
    (
        "analyzer.answers",
        BASE
        | {f"analyzer.{name}" for name in ("arrivals", "clean", "gate", "importers", "language")}
        | {f"analyzer.{name}" for name in ("redaction", "remask", "words")},
    ),
    (
        "analyzer.intake",
        WITH_SETTINGS
        | {"analyzer.answers", "analyzer.batches", "analyzer.raw", "analyzer.redaction.load"}
        | {"analyzer.importers", "analyzer.importers.mapping"}
        | {f"analyzer.{name}" for name in ("database", "files", "gate", "profiles", "store")},
    ),
    (
        "analyzer.runs",
        WITH_SETTINGS
        | {f"analyzer.{stage}" for stage in ("embed", "experience", "label", "sentiment")}
        | {"analyzer.pipeline", "analyzer.language", "analyzer.intake", "analyzer.mapfile"}
        | {"analyzer.database", "analyzer.store", "analyzer.queries", "models.registry"}
        | {
            f"analyzer.{module}"
            for module in ("extending", "fitting", "history", "results", "waiting")
        },
    ),
    (
        "analyzer.console",
        BASE | {f"analyzer.{name}" for name in ("edits", "intake", "provenance", "runs")},
    ),
    (
        "analyzer.demo",
        WITH_SETTINGS
        | {"analyzer.intake", "analyzer.runs", "analyzer.queries", "analyzer.database"}
        | {"analyzer.importers.mapping"},
    ),
    (
        "analyzer.cli",
        WITH_SETTINGS
        | {"analyzer.intake", "analyzer.runs", "analyzer.queries", "analyzer.console"}
        | {"analyzer.exports", "analyzer.demo", "analyzer.database", "analyzer.importers.mapping"}
        | {"analyzer.experience_check", "analyzer.mapfile", "analyzer.profiles"}
        | {"analyzer.cli_batches", "analyzer.cli_edits", "analyzer.cli_jobs"}
        | {"analyzer.files", "analyzer.jobs.beside"}
        | {"analyzer.cli_privacy", "analyzer.access.roles", "analyzer.guard.reads"}
        | {"analyzer.handing_out", "analyzer.options"}
        | {"analyzer.cli_access"}
        | {"analyzer.cli_batches", "analyzer.cli_edits", "analyzer.cli_masks", "analyzer.options"}
        | {"webui", "models.registry", "models.build"},
    ),
    ("analyzer.options", WITH_SETTINGS),
    ("analyzer.cli_access", BASE | {"analyzer.access.*", "analyzer.database", "analyzer.options"}),
    (
        "analyzer.cli_edits",
        BASE
        | {f"analyzer.{name}" for name in ("console", "database", "editing", "edits", "history")}
        | {"analyzer.handing_out", "analyzer.options"},
    ),
    (
        "analyzer.cli_batches",
        BASE
        | {f"analyzer.{name}" for name in ("backup", "batches", "check", "console", "database")}
        | {f"analyzer.{name}" for name in ("ingest", "options", "provenance", "receipts", "undo")},
    ),
    (
        "analyzer.cli_privacy",
        BASE
        | {f"analyzer.{name}" for name in ("access_log", "database", "erasure", "handing_out")}
        | {f"analyzer.{name}" for name in ("options", "retention", "whom")},
    ),
    (
        "analyzer.cli_masks",
        BASE
        | {f"analyzer.{name}" for name in ("handing_out", "options", "raw", "remask")}
        | {"analyzer.redaction.load"},
    ),
    ("models", set()),
    ("models.*", WITH_SETTINGS | {"models.*"}),
    ("webui", {"webui.*"}),
    (
        "webui.*",
        WITH_SETTINGS
        | {"webui.*", "analyzer.rows", "analyzer.database"}
        # Never analyzer.queries: what pages show of employees goes through the guard.
        | {"analyzer.guard.reads", "analyzer.guard.shown", "analyzer.guard.figures"}
        | {
            "analyzer.access.*",
            "analyzer.access_log",
            "analyzer.batches",
            "analyzer.cells",
            "analyzer.history",
        }
        | {"analyzer.profiles"}
        | {f"analyzer.jobs.{name}" for name in ("queue", "reading", "uploads")},
    ),
    ("fixtures", set()),
)
# The core is called by these and by nobody else.
MEETS_THE_CORE = {
    "analyzer", "analyzer.runs", "analyzer.extending", "analyzer.fitting", "analyzer.pipeline",
    "analyzer.memory", "analyzer.increment",
}  # fmt: skip
LONG_MODULE = 330
MAY_BE_LONG = {"analyzer.words", "analyzer.migrations", "analyzer.cli"}


@dataclass(frozen=True)
class Module:
    name: str
    path: Path
    tree: ast.Module

    @property
    def lines(self) -> int:
        return len(self.path.read_text(encoding="utf-8").splitlines())


def _modules() -> dict[str, Module]:
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = Module(name, path, ast.parse(path.read_text(encoding="utf-8")))
    return found


MODULES = _modules()


def _names(node: ast.AST) -> Iterator[str]:
    """Yield the dotted modules that an import statement names."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "relative imports hide who imports whom"
        assert node.module is not None
        inner = [f"{node.module}.{alias.name}" for alias in node.names]
        if any(name not in MODULES for name in inner):
            yield node.module
        yield from (name for name in inner if name in MODULES)


def imports(module: Module) -> set[str]:
    return {name for node in ast.walk(module.tree) for name in _names(node)}


def _is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def imports_when_loaded(module: Module) -> set[str]:
    """Return what importing the module imports: not what functions or type checkers import."""

    def walk(nodes: list[ast.stmt]) -> Iterator[str]:
        for node in nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            yield from _names(node)
            if isinstance(node, ast.If) and _is_type_checking(node.test):
                yield from walk(node.orelse)
                continue
            for field in ("body", "orelse", "finalbody"):
                yield from walk(getattr(node, field, []))
            for handler in getattr(node, "handlers", []):
                yield from walk(handler.body)

    return set(walk(module.tree.body))


def first_party(names: set[str]) -> set[str]:
    return {name for name in names if name.split(".")[0] in PACKAGES}


def allowed(name: str) -> set[str]:
    for pattern, may in MAY_IMPORT:
        if fnmatch.fnmatchcase(name, pattern):
            return may
    pytest.fail(f"{name} has no row in MAY_IMPORT: say there whom it may import")


def loaded_by(code: str, *watched: str) -> set[str]:
    """Return which of the watched modules a fresh interpreter has loaded after the code."""
    show = f"\nimport sys\nprint(*(set({watched!r}) & set(sys.modules)), sep=',')"
    done = subprocess.run(
        [sys.executable, "-c", code + show], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.strip().split(",")) - {""}


@pytest.mark.parametrize("module", MODULES.values(), ids=list(MODULES))
def test_a_module_imports_only_whom_the_design_allows(module: Module) -> None:
    may = allowed(module.name)
    wrong = {
        name
        for name in first_party(imports(module))
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in may)
    }
    assert not wrong, f"{module.name} must not import {sorted(wrong)}"


def test_every_row_of_the_table_that_names_a_core_stage_has_its_module() -> None:
    for stage in STAGES:
        assert f"analyzer.{stage}" in MODULES


def test_no_stage_reaches_back() -> None:
    rank = {f"analyzer.{stage}": place for place, stage in enumerate(STAGES)}

    def stage_of(name: str) -> str:
        return ".".join(name.split(".")[:2])

    for module in MODULES.values():
        own = stage_of(module.name)
        if own not in rank:
            continue
        for name in imports(module):
            other = stage_of(name)
            if other in rank:
                assert rank[other] <= rank[own], f"{module.name} reaches forward to {name}"
            assert other not in ("analyzer.pipeline", "analyzer.runs", "analyzer.cli")


def test_core_and_shell_meet_in_runs_alone() -> None:
    meeting = {m.name for m in MODULES.values() if "analyzer.pipeline" in imports(m)}
    assert meeting <= MEETS_THE_CORE
    callers = {"analyzer.cli", "analyzer.console", "analyzer.demo", "analyzer.ingest"}
    callers |= {"analyzer.jobs.tasks"}
    assert {m.name for m in MODULES.values() if "analyzer.runs" in imports(m)} <= callers
    callers |= {"analyzer.runs", "analyzer.receipts"}
    assert {m.name for m in MODULES.values() if "analyzer.intake" in imports(m)} <= callers


def test_the_pure_core_touches_no_clock_no_path_and_no_network() -> None:
    pure = [m for m in MODULES.values() if any(fnmatch.fnmatchcase(m.name, p) for p in PURE)]
    assert len(pure) >= 30
    for module in pure:
        outer = {name.split(".")[0] for name in imports(module)}
        assert not outer & NOT_PURE, f"{module.name} imports {sorted(outer & NOT_PURE)}"


def test_the_pure_core_opens_no_file_and_draws_no_chance_of_its_own() -> None:
    for module in MODULES.values():
        if not any(fnmatch.fnmatchcase(module.name, pattern) for pattern in PURE):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("open", "print", "input"), f"{module.name}: {called}"
                assert "random." not in called, f"{module.name}: {called} is not the run's rng"


@pytest.mark.parametrize("module", MODULES.values(), ids=list(MODULES))
def test_heavy_libraries_are_imported_where_they_are_needed(module: Module) -> None:
    outer = {name.split(".")[0] for name in imports_when_loaded(module)}
    assert not outer & HEAVY, f"{module.name} loads {sorted(outer & HEAVY)} when imported"


@pytest.mark.parametrize(
    "code",
    [
        "import webui",
        "import analyzer.cli",
        "from webui import create_app; create_app({'DATABASE': 'none.db'})",
        "from click.testing import CliRunner; from analyzer.cli import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0",
    ],
)
def test_the_pages_and_the_help_never_load_what_only_an_analysis_needs(code: str) -> None:
    heavy = ("torch", "bertopic", "spacy", "sklearn", "sentence_transformers", "onnxruntime")
    assert loaded_by(code, *heavy) == set()


def test_the_command_line_does_not_even_load_numpy() -> None:
    assert loaded_by("import analyzer.cli", "numpy", "sqlite_utils", "flask", "rich") == set()


def test_the_check_would_see_a_heavy_library() -> None:
    assert loaded_by("import spacy.lang.en", "spacy", "torch") >= {"spacy"}


@pytest.mark.parametrize("module", MODULES.values(), ids=list(MODULES))
def test_every_module_says_what_it_is_for(module: Module) -> None:
    assert ast.get_docstring(module.tree)


@pytest.mark.parametrize("module", MODULES.values(), ids=list(MODULES))
def test_no_module_has_grown_into_two(module: Module) -> None:
    if module.name not in MAY_BE_LONG:
        assert module.lines <= LONG_MODULE


def test_every_public_name_can_be_had_from_the_package() -> None:
    import analyzer

    for name in analyzer.__all__:
        assert getattr(analyzer, name).__name__ == name
    assert dir(analyzer) == analyzer.__all__
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = analyzer.nothing


def test_every_exit_code_of_the_design_belongs_to_an_error() -> None:
    from analyzer import errors

    tree = [errors.BothsidesError]
    for error in tree:
        tree.extend(error.__subclasses__())
    assert {error.exit_code for error in tree} == {1, 2, 65, 74, 75, 78}
    drawing = errors.__doc__ or ""
    for error in tree:
        if error.__module__ == errors.__name__:
            assert error.__name__ in drawing, "the docstring draws the tree"

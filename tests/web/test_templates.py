"""A template sees its dataclass and nothing else, and uses all of it."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import nodes

import webui
from webui import contexts, contexts_work, render

ENV = render.environment()
TEMPLATES = sorted(path.name for path in Path(webui.__file__).with_name("templates").iterdir())
PAGES = {
    "pairs.html": contexts.PairsPage,
    "pair.html": contexts.PairPage,
    "themes.html": contexts.ThemesPage,
    "theme.html": contexts.ThemePage,
    "error.html": contexts.ErrorPage,
    "import.html": contexts_work.ImportPage,
    "import_sheet.html": contexts_work.SheetPage,
    "import_columns.html": contexts_work.ColumnsPage,
    "receipt.html": contexts_work.ReceiptPage,
    "job.html": contexts_work.JobPage,
    "runs.html": contexts_work.RunsPage,
    "run.html": contexts_work.RunPage,
    "login.html": contexts.LoginPage,
    "code.html": contexts.CodePage,
    "account.html": contexts.AccountPage,
}
SHARED = {
    "base.html": contexts.Page,
    "parts.html": None,
    "csrf.html": None,
    "samples.html": None,
    "job_progress.html": contexts_work.JobPage,
}
MACROS = ("parts.html", "samples.html")
# Methods of text, which no dataclass has.
METHODS = {"partition"}


def tree(name: str) -> nodes.Template:
    source, _, _ = ENV.loader.get_source(ENV, name)
    return ENV.parse(source)


def fields_of_page(name: str) -> set[str]:
    return {
        node.attr
        for node in tree(name).find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "page"
    }


def attributes(name: str) -> set[str]:
    own = {macro.name for file in MACROS for macro in tree(file).find_all(nodes.Macro)}
    return {node.attr for node in tree(name).find_all(nodes.Getattr)} - own - METHODS


def reachable(kind: object) -> Iterator[type]:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        yield kind
        for hint in typing.get_type_hints(kind).values():
            yield from reachable(hint)
    elif typing.get_origin(kind) in {tuple, types.UnionType, typing.Union}:
        for part in typing.get_args(kind):
            yield from reachable(part)


def fields(*kinds: type) -> set[str]:
    return {f.name for kind in kinds for part in reachable(kind) for f in dataclasses.fields(part)}


def test_every_template_is_known() -> None:
    assert set(TEMPLATES) == set(PAGES) | set(SHARED)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_knows_no_name_but_page(name: str) -> None:
    from jinja2 import meta

    assert meta.find_undeclared_variables(tree(name)) <= {"page", "parts", "samples", "csrf_token"}
    assert not ENV.globals


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_escapes_everything(name: str) -> None:
    source, _, _ = ENV.loader.get_source(ENV, name)
    assert "|safe" not in source.replace(" ", "")
    assert "autoescape" not in source
    assert ENV.autoescape is True


@pytest.mark.parametrize("name", PAGES)
def test_a_template_uses_the_fields_of_its_dataclass(name: str) -> None:
    kind = PAGES[name]
    own = {field.name for field in dataclasses.fields(kind)}
    shared = {field.name for field in dataclasses.fields(contexts.Page)}
    used = fields_of_page(name)
    assert used <= own
    assert own - shared <= used
    assert attributes(name) <= fields(kind)


def test_the_base_uses_what_every_page_has() -> None:
    assert fields_of_page("base.html") == {f.name for f in dataclasses.fields(contexts.Page)}


def test_the_parts_of_imports_and_runs_use_fields_that_exist() -> None:
    assert attributes("samples.html") <= fields(contexts_work.SampleView)
    assert attributes("job_progress.html") <= fields(contexts_work.JobPage)
    assert fields_of_page("csrf.html") == set()


def test_the_parts_use_fields_that_exist() -> None:
    assert not fields_of_page("parts.html")
    kinds = (contexts.PairView, contexts.CommentsView, contexts.BroadView)
    assert attributes("parts.html") <= fields(*kinds)


@pytest.mark.parametrize("kind", [contexts.Page, *PAGES.values()])
def test_a_context_is_frozen(kind: type) -> None:
    for part in reachable(kind):
        assert part.__dataclass_params__.frozen


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0%"), (0.001, "<1%"), (0.5, "50%"), (0.994, "99%"), (0.9999, ">99%"), (1, "100%")],
)
def test_a_percentage_claims_no_certainty(share: float, text: str) -> None:
    assert render.percent(share) == text


@pytest.mark.parametrize(
    ("iso", "text"),
    [
        ("2025-10-02", "2 October 2025"),
        ("2025-10-02T08:15:00+00:00", "2 October 2025"),
        ("2025-10", "October 2025"),
        ("spring", "spring"),
    ],
)
def test_a_date_is_written_for_a_person(iso: str, text: str) -> None:
    assert render.date(iso) == text


def test_numbers_are_written_for_a_person() -> None:
    assert render.plural(1, "comment") == "1 comment"
    assert render.plural(1234, "comment") == "1,234 comments"
    assert render.plural(2, "reply", "replies") == "2 replies"
    assert render.number(1234.0) == "1,234"
    assert render.number(4.5) == "4.5"
    assert render.points(-0.5) == "−50 points"
    assert render.points(0.01) == "+1 point"
    assert render.points(-0.004) == "under 1 point"
    assert render.points(0) == "under 1 point"

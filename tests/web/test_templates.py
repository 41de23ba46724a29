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
from webui import charts, contexts, contexts_work, data_map, forms, frame, render, written

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
    "base.html": (contexts.Page,),
    "parts.html": (contexts.PairView, contexts.CommentsView, contexts.BroadView),
    "forms.html": (forms.Filters, forms.Pages, forms.Crumb, frame.Frame),
    "chart.html": (charts.Table, charts.Files, charts.Trend, charts.Sparkline),
    "map.html": (data_map.MapView,),
    "samples.html": (contexts_work.SampleView,),
}
# A page's own part, which htmx asks for alone.
FRAGMENTS = {"job_progress.html": contexts_work.JobPage}
# What the extension of translation brings.
WORDS = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
# A chart is asked to draw itself and to tell itself; Jinja's own loop is no context.
METHODS = {"draw", "table", "address", "used", "partition", "index0", "first", "last"}


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
    own = {macro.name for file in SHARED for macro in tree(file).find_all(nodes.Macro)}
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
    assert set(TEMPLATES) == {*PAGES, *SHARED, *FRAGMENTS}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_knows_no_name_but_page(name: str) -> None:
    from jinja2 import meta

    assert meta.find_undeclared_variables(tree(name)) <= {
        "page", "frame", "parts", "forms", "samples", *WORDS
    }  # fmt: skip
    assert set(ENV.globals) == WORDS


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
    assert attributes(name) <= fields(kind, frame.Frame)


def test_the_base_uses_what_every_page_has() -> None:
    assert fields_of_page("base.html") == {f.name for f in dataclasses.fields(contexts.Page)}


@pytest.mark.parametrize("name", sorted(set(SHARED) - {"base.html"}))
def test_macros_use_fields_that_exist(name: str) -> None:
    assert not fields_of_page(name)
    assert attributes(name) <= fields(*SHARED[name])


def test_the_base_uses_all_of_the_frame() -> None:
    own = {field.name for field in dataclasses.fields(frame.Frame)}
    used = {
        node.attr
        for node in tree("base.html").find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "frame"
    }
    assert used == own


@pytest.mark.parametrize("kind", [contexts.Page, *PAGES.values()])
def test_a_context_is_frozen(kind: type) -> None:
    for part in reachable(kind):
        assert part.__dataclass_params__.frozen


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0%"), (0.001, "<1%"), (0.5, "50%"), (0.994, "99%"), (0.9999, ">99%"), (1, "100%")],
)
def test_a_percentage_claims_no_certainty(share: float, text: str) -> None:
    assert written.percent(share) == text


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
    assert written.date(iso) == text


def test_numbers_are_written_for_a_person() -> None:
    assert written.plural(1, "comment") == "1 comment"
    assert written.plural(1234, "comment") == "1,234 comments"
    assert written.plural(2, "reply", "replies") == "2 replies"
    assert written.number(1234.0) == "1,234"
    assert written.number(4.5) == "4.5"
    assert written.points(-0.5) == "−50 points"
    assert written.points(0.01) == "+1 point"
    assert written.points(-0.004) == "under 1 point"
    assert written.points(0) == "under 1 point"

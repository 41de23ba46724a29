"""Rows -> the pages of jobs and runs. No I/O, no Flask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analyzer.access.roles import Viewer
from analyzer.history import Changes, RunLine, ThemeChangeRow
from analyzer.jobs.queue import Job, Stage
from analyzer.types import SIDES, Side
from webui.allowed import IMPORT
from webui.compose_imports import side_view
from webui.contexts_work import (
    ChangeView,
    JobPage,
    JobView,
    RunPage,
    RunsPage,
    RunView,
    SideChanges,
    StageView,
)
from webui.language import Text
from webui.language import gettext as _
from webui.parts import theme_href

STATES = {
    "queued": Text("Waiting"),
    "running": Text("At work"),
    "done": Text("Done"),
    "failed": Text("Failed"),
    "cancelled": Text("Cancelled"),
}
CANCELLING = Text("Cancelling")
STAGES = {
    "columns": Text("Finding the columns"),
    "parse": Text("Reading the file"),
    "read": Text("Telling the languages"),
    "segment employee": Text("Cutting into sentences, employees"),
    "segment customer": Text("Cutting into sentences, customers"),
    "embed": Text("Measuring what sentences mean"),
    "discover": Text("Finding themes"),
    "label": Text("Naming themes"),
    "align": Text("Finding pairs"),
    "store": Text("Writing the result"),
    "undo": Text("Taking the import back"),
}
CHANGES = {
    "new": Text("New"),
    "grown": Text("Grown"),
    "shrunk": Text("Shrunk"),
    "split": Text("Split off"),
    "merged": Text("Merged into another"),
    "gone": Text("Gone"),
}


def job_view(job: Job, files: Mapping[str, str], viewer: Viewer) -> JobView:
    """Return a piece of work; ``files`` are the names of uploads by id.

    What belongs to a side is only told to those who may import for it.
    """
    side: Side | None = job.args.get("side")
    told = side is None or viewer.may(IMPORT[side])
    href = f"/jobs/{job.id}"
    result, name = _result(job) if told else (None, None)
    return JobView(
        href=href,
        number=job.id,
        what=_what(job, files, told=told),
        state=job.state,
        state_name=CANCELLING if job.cancel and job.state == "running" else STATES[job.state],
        active=job.active,
        who=job.who,
        asked_at=job.asked_at,
        ended_at=job.ended_at,
        attempts=job.attempts,
        stages=tuple(_stage(stage) for stage in job.stages),
        error=job.error if told else None,
        cancel=f"{href}/cancel" if job.active and not job.cancel and told else None,
        retry=f"{href}/retry" if job.state in ("failed", "cancelled") and told else None,
        result=result,
        result_name=name,
    )


def _what(job: Job, files: Mapping[str, str], *, told: bool) -> str:
    if job.kind == "import":
        file = files.get(job.args["upload"]) if told else None
        if job.args["side"] == "employee":
            return _("Import of %(file)s (employees)", file=file or _("a file"))
        return _("Import of %(file)s (customers)", file=file or _("a file"))
    if job.kind == "undo":
        return _("Taking back import %(number)s", number=job.args["batch"])
    return _("Analysis from the start") if job.args.get("refit") else _("Analysis")


def _stage(stage: Stage) -> StageView:
    name = STAGES.get(stage.name) or stage.name.capitalize()
    done = min(stage.done, stage.total)
    return StageView(name, done, max(stage.total, 1), stage.seconds, stage.over)


def _result(job: Job) -> tuple[str | None, str | None]:
    """Return where the result of a job is shown, and what it is called."""
    if job.state != "done":
        return None, None
    if "run" in job.result:
        return f"/runs/{job.result['run']}", _("What changed")
    if job.result.get("batch") is not None:
        return f"/imports/{job.result['batch']}", _("The receipt")
    return None, None


def job_page(job: JobView) -> JobPage:
    """Return the page of one piece of work."""
    return JobPage(title=job.what, section="runs", origin=None, job=job)


def runs_page(jobs: Sequence[JobView], runs: Sequence[RunLine], *, may_run: bool) -> RunsPage:
    """Return the lists of jobs and runs."""
    return RunsPage(
        title=_("Runs"),
        section="runs",
        origin=None,
        may_run=may_run,
        jobs=tuple(jobs),
        runs=tuple(run_view(run) for run in runs),
    )


def run_view(run: RunLine) -> RunView:
    """Return a run."""
    return RunView(
        href=f"/runs/{run.id}",
        number=run.id,
        finished_at=run.finished_at,
        seconds=run.seconds,
        model=run.embedder,
        notes=run.notes,
    )


def run_page(run: RunLine, found: Changes, viewer: Viewer, shown: Mapping[str, str]) -> RunPage:
    """Return what a run changed; ``shown`` are the labels of the themes that are shown now, by id.

    Figures are told of customers alone: of employees, a change of a few segments from one run to
    the next could be the words of one person. A theme of employees that is not shown now, be it
    gone or too small, is not told of at all, and nor are its pairs.
    """
    may: dict[Side, bool] = {
        "employee": viewer.may("employee-names"),
        "customer": viewer.may("customer-figures"),
    }
    return RunPage(
        title=_("Run %(number)s", number=run.id),
        section="runs",
        origin=None,
        run=run_view(run),
        first=run.id == 1,
        sides=tuple(
            SideChanges(
                side_view(side),
                tuple(
                    _change(row, found, shown)
                    for kind in CHANGES
                    for row in found.themes
                    if (row.side, row.kind) == (side, kind)
                    and (side == "customer" or row.theme_id in shown)
                ),
            )
            for side in SIDES
            if may[side]
        ),
        pairs_new=_pairs(found, "new", shown),
        pairs_gone=_pairs(found, "gone", shown),
    )


def _pairs(found: Changes, kind: str, shown: Mapping[str, str]) -> int:
    return sum(employee in shown for employee, _ in found.ends(kind))


def _change(row: ThemeChangeRow, found: Changes, shown: Mapping[str, str]) -> ChangeView:
    customer = row.side == "customer"
    then = {other.theme_id: other.label for other in found.themes if other.side == "customer"}
    labels = {**then, **shown}
    return ChangeView(
        kind=CHANGES[row.kind],
        href=theme_href(row.theme_id) if row.theme_id in shown else None,
        label=row.label if customer else shown[row.theme_id],
        other=labels.get(row.other_id or "", row.other_id if customer else None),
        before=row.segments_before if customer else None,
        after=row.segments_after if customer else None,
    )

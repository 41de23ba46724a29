"""The pages of runs and jobs: what is at work, how far it is, what came of it and what changed."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as Redirect

from analyzer import history
from analyzer.database import opened
from analyzer.guard import reads
from analyzer.history import RunLine
from analyzer.jobs import queue, uploads
from analyzer.jobs.queue import Job
from webui import compose_runs as compose
from webui import db
from webui.allowed import IMPORT, require, viewer
from webui.contexts_work import JobView
from webui.render import page as rendered

pages = Blueprint("runs", __name__)


@pages.get("/runs")
def runs() -> Response:
    """Show what is at work, what was, and the runs."""
    require("run")
    if not db.database().exists():
        return rendered("runs.html", compose.runs_page((), (), may_run=False))
    read = db.connection()
    jobs = [_view(job) for job in queue.jobs(read)]
    may_run = reads.has_comments(read)
    return rendered("runs.html", compose.runs_page(jobs, _runs(), may_run=may_run))


def _runs() -> list[RunLine]:
    """Return the runs; a note that holds a figure may count employees, and is left out."""
    rows = history.runs(db.connection())
    return [replace(row, notes=reads.without_figures(row.notes)) for row in rows]


def _view(job: Job) -> JobView:
    files = {row.id: row.name for row in uploads.uploads(db.connection())}
    return compose.job_view(job, files, viewer())


@pages.post("/runs")
def analyse() -> Redirect:
    """Ask for an analysis."""
    asking = require("run")
    refit = request.form.get("refit") == "yes"
    with opened(db.database(), create=False) as writing:
        number = queue.add_once(writing, "analyze", {"refit": refit}, asking.name)
    return redirect(f"/jobs/{number}", 303)


@pages.get("/runs/<int:number>")
def run(number: int) -> Response:
    """Show one run and what it changed."""
    asking, read = require("run"), db.connection()
    found = next((row for row in _runs() if row.id == number), None)
    if found is None:
        abort(404)
    shown = {theme.id: theme.label for theme in db.guarded(asking).themes()}
    context = compose.run_page(found, history.changes(read, number), asking, shown)
    return rendered("run.html", context)


@pages.get("/jobs/<int:number>")
def job(number: int) -> Response:
    """Show one piece of work; with ``HX-Request`` only the part that changes."""
    require("run")
    context = compose.job_page(_view(_job(number)))
    fragment = request.headers.get("HX-Request") == "true"
    answer = rendered("job_progress.html" if fragment else "job.html", context)
    answer.vary.add("HX-Request")
    return answer


def _job(number: int) -> Job:
    found = queue.job(db.connection(), number)
    if found is None:
        abort(404)
    return found


def _own(number: int) -> None:
    """Let only those change a job who may ask for one like it."""
    require("run")
    side = _job(number).args.get("side")
    if side is not None:
        require(IMPORT[side])


@pages.post("/jobs/<int:number>/cancel")
def cancel(number: int) -> Redirect:
    """Ask for the end of a job; what it did so far is undone."""
    _own(number)
    with opened(db.database(), create=False) as writing:
        queue.ask_cancel(writing, number)
    return redirect(f"/jobs/{number}", 303)


@pages.post("/jobs/<int:number>/retry")
def retry(number: int) -> Redirect:
    """Let a job that failed or was cancelled wait again."""
    _own(number)
    with opened(db.database(), create=False) as writing:
        queue.retry(writing, number)
    return redirect(f"/jobs/{number}", 303)

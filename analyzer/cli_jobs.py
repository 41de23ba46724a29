"""The command of the worker."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from pathlib import Path

import click

from analyzer.options import database_option, explained, settings_of, settings_option


@click.command()
@database_option
@click.option("--once", is_flag=True, help="Do what waits, then end.")
@click.option("--beside", is_flag=True, hidden=True, help="End when standard input is closed.")
@settings_option
@explained
def worker(database: Path, once: bool, beside: bool, settings_file: Path | None) -> None:
    """Do the imports and analyses that were asked for in the browser.

    `bothsides serve` begins one by itself. It may be ended, or killed, at any moment: the next one
    goes on. Only one works at a time; it waits while another command is at work on the database,
    with --once it ends with exit code 75.
    """
    from analyzer.jobs import worker as jobs

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if beside:
        jobs.end_with_parent(stop)
    done = jobs.work(database, settings_of(settings_file), once=once, stop=stop)
    if once:
        click.echo(f"Jobs done: {done}.", err=True)


COMMANDS = (worker,)

"""The help of every command as Markdown: ``python -m tests.docs_cli > docs/cli.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from analyzer.cli import main

WIDTH = 92


def _commands(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[tuple[str, str]]:
    """Yield (path, help) of a command and of all that are below it."""
    context = click.Context(
        command, parent, info_name=name, terminal_width=WIDTH, **command.context_settings
    )
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for below in sorted(command.commands):
            yield from _commands(command.commands[below], below, context)


def markdown() -> str:
    """Return the page; a test compares it with ``docs/cli.md``."""
    parts = [
        "# The command line",
        "Written by `python -m tests.docs_cli > docs/cli.md`; do not edit by hand.",
        "Exit codes: 0 ok; 1 error; 2 usage; 65 the input cannot be read as comments, nothing was\n"
        "committed; 74 input or output; 75 the database is locked, try again; 78 configuration.",
    ]
    for name, text in _commands(main, "bothsides"):
        lines = "\n".join(line.rstrip() for line in text.splitlines())
        parts.append(f"{'##' if ' ' not in name else '###'} {name}\n\n```\n{lines}\n```")
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(markdown())

"""The settings: one table, read from a TOML file and from the environment, frozen.

Order: the environment (``BOTHSIDES_`` and the name in capitals) before the TOML file before the
default. An unknown name or a value of the wrong type is an error, never ignored.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyzer.errors import InputOutput, Misconfigured

PREFIX = "BOTHSIDES_"


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the table. The default's type is the setting's type; numbers have bounds."""

    name: str
    default: float | int | str
    help: str
    low: float = 0.0
    high: float = float("inf")


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "max_bad_rows",
        0.01,
        "Share of rows that may be unreadable before an import is refused (0..1).",
        high=1,
    ),
    Setting(
        "max_cell_characters",
        100_000,
        "A row of an upload with a longer cell is kept aside.",
        low=1,
    ),
    Setting(
        "english_share",
        0.2,
        "`auto` takes `both` from this share of English on, `multilingual` below.",
        high=1,
    ),
    Setting(
        "neighbours",
        15,
        "Neighbours of each segment in the graph; a large side has up to 25, a small one fewer.",
        low=2,
        high=100,
    ),
    Setting(
        "resolution",
        0.0,
        "Leiden's resolution: higher gives more, smaller themes. 0: chosen from the comments.",
    ),
    Setting(
        "context",
        2.0,
        "Weight of the whole comment beside the segment itself (0: segments stand alone).",
    ),
    Setting(
        "map_weight",
        1.0,
        "Weight of a segment's profile over the experience map in finding themes (0: none).",
    ),
    Setting("min_theme_segments", 5, "Smaller groups of segments join the nearest theme.", low=1),
    Setting(
        "new_theme_comments",
        10,
        "So many comments that are nearer to each other than to any theme become one.",
        low=2,
    ),
    Setting(
        "refit_growth",
        1.0,
        "Themes are found anew when there are this share more comments than then; 0: when asked.",
    ),
    Setting("terms", 8, "Key terms of a theme.", low=1, high=50),
    Setting("exemplars", 10, "Telling segments kept for a theme.", low=1, high=100),
    Setting(
        "min_probability", 0.5, "Pairs below this probability are not suggested (0..1).", high=1
    ),
    Setting(
        "min_group_figures",
        5,
        "Respondents that a figure of employees needs; may be raised, never lowered.",
        low=5,
        high=1000,
    ),
    Setting(
        "min_group_comments",
        10,
        "Respondents in a group whose comments may be read; may be raised, never lowered.",
        low=10,
        high=1000,
    ),
    Setting(
        "retention_comments_months",
        24,
        "`retention run` removes comments older than this, in months; 0: none.",
        high=1200,
    ),
    Setting(
        "retention_aside_days",
        30,
        "`retention run` removes rows kept aside and files taken from an inbox after so many days.",
        high=36500,
    ),
    Setting(
        "roster",
        "",
        "A file of people's names to mask in comments, read at each import; empty: none.",
    ),
    Setting(
        "redactor",
        "own",
        "`presidio`: Presidio masks besides the own recognisers; it has to be installed.",
    ),
    Setting(
        "keep_raw",
        0,
        "1: the text as imported is kept, encrypted with the key in `BOTHSIDES_RAW_KEY`.",
        high=1,
    ),
    Setting(
        "experience_map", "", "An edited experience map (TOML); empty: the one that comes with it."
    ),
)


class Settings:
    """Frozen values, one attribute a setting: ``settings.resolution``."""

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        rows = {row.name: row for row in SETTINGS}
        given = dict(values or {})
        if unknown := sorted(set(given) - set(rows)):
            raise Misconfigured(
                f"There is no setting {unknown[0]!r}. Settings: {', '.join(sorted(rows))}."
            )
        merged = {name: _typed(row, given.get(name, row.default)) for name, row in rows.items()}
        object.__setattr__(self, "_values", merged)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_values"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"settings are frozen; {name} was not changed")

    def as_dict(self) -> dict[str, float | int | str]:
        """Return every setting's value by name."""
        return dict(self.__dict__["_values"])


def _typed(row: Setting, value: object) -> float | int | str:
    kind: type[int] | type[float] = int if isinstance(row.default, int) else float
    where = f"The setting {row.name!r}"
    if isinstance(row.default, str):
        if not isinstance(value, str):
            raise Misconfigured(f"{where} must be text, not {value!r}.")
        return value
    try:
        if isinstance(value, bool) or (kind is int and float(value) != int(float(value))):  # type: ignore[arg-type]
            raise ValueError
        number = kind(float(value))  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise Misconfigured(f"{where} must be a number ({kind.__name__}), not {value!r}.") from None
    if not row.low <= number <= row.high:
        raise Misconfigured(f"{where} must lie in {row.low:g}..{row.high:g}, not {number:g}.")
    return number


def load(file: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the settings.

    Raises:
        InputOutput: the file is missing or cannot be read.
        Misconfigured: it is not TOML, or a name or a value is wrong.
    """
    values: dict[str, Any] = {}
    if file is not None:
        try:
            values = tomllib.loads(file.read_text(encoding="utf-8"))
        except OSError as exc:
            raise InputOutput(f"The settings file {file} cannot be read: {exc.strerror}.") from exc
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
            raise Misconfigured(f"The settings file {file} is not TOML: {exc}.") from exc
    for row in SETTINGS:
        if (text := environ.get(PREFIX + row.name.upper())) is not None:
            values[row.name] = text
    return Settings(values)


def markdown_table() -> str:
    """Return the table of settings as the README shows it (a test compares the two)."""
    lines = ["| setting | default | what it does |", "|---|---|---|"]
    for row in SETTINGS:
        default = f"`{row.default}`" if row.default != "" else "empty"
        lines.append(f"| `{row.name}` | {default} | {row.help} |")
    return "\n".join(lines)

"""The figures as Markdown that the README quotes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.quality import metrics
from benchmarks.quality.methods import OURS, TITLES

Row = Mapping[str, Any]
ThemeRows = Mapping[str, Mapping[str, Row]]  # set -> method -> figures
Column = tuple[str, str, int | None]  # title, key, decimals (None: as it is)

THEME_COLUMNS: tuple[Column, ...] = (
    ("texts", "texts", 0),
    ("true", "labels", 0),
    ("themes", "themes", 0),
    ("coverage", "coverage", 2),
    ("NMI", "nmi", 3),
    ("ARI", "ari", 3),
    ("V", "v", 3),
    ("NPMI", "npmi", 3),
    ("diversity", "diversity", 2),
    ("label finds its theme", "label_finds", 2),
    ("the same, centred", "label_finds_centred", 2),
    ("seconds", "seconds", 1),
    ("peak MB", "megabytes", 0),
)
STABILITY_COLUMNS: tuple[Column, ...] = (
    ("other seed", "seed", 3),
    ("rows shuffled", "order", 3),
    ("80 % of the rows", "part", 3),
    ("predict = fit", "again", 3),
)
PAIR_COLUMNS: tuple[Column, ...] = (
    ("shown", "pairs", 0),
    ("judged", "judged", 0),
    ("gold within reach", "reachable", 0),
    ("precision", "precision", 3),
    ("recall", "recall", 3),
    ("F1", "f1", 3),
    ("never", "never", 0),
)


def cell(value: Any, decimals: int | None) -> str:
    """Return a figure as text; what was not measured is a dash."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    return str(value) if decimals is None else f"{value:,.{decimals}f}"


def table(titles: Sequence[str], rows: Sequence[Sequence[str]], text_columns: int = 1) -> str:
    """Return a Markdown table; columns after the first ``text_columns`` are aligned right."""
    rule = ["---" if i < text_columns else "---:" for i in range(len(titles))]
    return "\n".join(f"| {' | '.join(line)} |" for line in (titles, rule, *rows))


def _of_methods(columns: Sequence[Column], found: ThemeRows) -> str:
    rows = [
        [name, TITLES[method], *(cell(row.get(key), digits) for _, key, digits in columns)]
        for name, methods in found.items()
        for method, row in methods.items()
    ]
    return table(["data", "method", *(title for title, _, _ in columns)], rows, 2)


def themes(found: ThemeRows) -> str:
    """Return the table of themes, the rows without nameless labels after it."""
    named = {
        name: {method: row["named"] for method, row in methods.items() if "named" in row}
        for name, methods in found.items()
    }
    named = {name: methods for name, methods in named.items() if methods}
    parts = [_of_methods(THEME_COLUMNS, found)]
    if named:
        parts += [
            'The same runs, scored without the texts whose label names no theme ("Labelling not '
            'possible", "Not assigned", "Can\'t Tell", `general`, `empty`):',
            _of_methods(THEME_COLUMNS[:7], named),
        ]
    return "\n\n".join(parts)


def stability(found: ThemeRows) -> str:
    """Return how far each method agrees with itself."""
    return _of_methods(STABILITY_COLUMNS, found)


def ratios(found: ThemeRows) -> str:
    """Return our ARI divided by that of BERTopic's default, set by set."""
    rows = []
    for name, methods in found.items():
        if "ari" in methods.get(OURS, {}) and "ari" in methods.get("bertopic", {}):
            own, other = methods[OURS]["ari"], methods["bertopic"]["ari"]
            ratio = own / other if other > 0 else None
            rows.append([name, cell(own, 3), cell(other, 3), cell(ratio, 2)])
    return table(["data", "Bothsides", "BERTopic, default", "ratio"], rows)


def pairs(found: Mapping[str, Row]) -> str:
    """Return the table of pairs, a second row where gold names kinds, and the sets without gold."""
    rows, loose, alone = [], [], []
    for name, row in found.items():
        for title, key in ((name, "plain"), (f"{name}, kinds must agree", "kinds")):
            if key in row:
                rows.append([title, *(cell(row[key][k], d) for _, k, d in PAIR_COLUMNS)])
        size = f"{row['themes']['employee']} / {row['themes']['customer']}"
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(row["by_kind"].items()))
        loose.append(
            [name, size, kinds or "-", cell(row["pairs_per_theme"], 2), cell(row["seconds"], 1),
             cell(row["megabytes"], 0)]
        )  # fmt: skip
        if row.get("should_be_alone"):
            share = row["alone"] / row["should_be_alone"]
            alone.append(
                f"Themes of {name} whose label has no partner in gold: {row['alone']} of "
                f"{row['should_be_alone']} left alone ({share:.2f})."
            )
    titles = ["data", "themes", "kinds", "shown per theme of the smaller side", "seconds", "MB"]
    return "\n\n".join(
        [table(["data", *(title for title, _, _ in PAIR_COLUMNS)], rows), "\n".join(alone),
         table(titles, loose, 3)]
    )  # fmt: skip


def calibration(found: Mapping[str, Row]) -> str:
    """Return Brier score and calibration error of judged pairs, together and apart."""
    rows = []
    for key, which in (("shown_outcomes", "shown"), ("weighed_outcomes", "all weighed")):
        sets = {name: row[key] for name, row in found.items() if row.get(key)}
        together = [outcome for outcomes in sets.values() for outcome in outcomes]
        for name, outcomes in {"together": together, **sets}.items():
            if outcomes:
                rows.append([name, which, *_calibrated(outcomes)])
    titles = [
        "data", "pairs", "judged", "share right", "mean probability", "Brier",
        "ECE, equal width", "ECE, equal mass",
    ]  # fmt: skip
    return table(titles, rows, 2)


def _calibrated(outcomes: Sequence[tuple[float, bool]]) -> list[str]:
    p, right = [o[0] for o in outcomes], [bool(o[1]) for o in outcomes]
    return [
        cell(len(p), 0),
        cell(sum(right) / len(p), 3),
        cell(sum(p) / len(p), 3),
        cell(metrics.brier(p, right), 3),
        cell(metrics.ece(p, right, equal_mass=False), 3),
        cell(metrics.ece(p, right, equal_mass=True), 3),
    ]


def embedding(prepared: Mapping[str, Row]) -> str:
    """Return what was read and embedded for each collection before the clocks started."""
    rows = [
        [name, row["model"]["name"], cell(row["comments"]["employee"], 0),
         cell(row["comments"]["customer"], 0), cell(row["read_seconds"], 1),
         cell(row["embedded"], 0), cell(row["embed_seconds"], 1)]
        for name, row in prepared.items()
    ]  # fmt: skip
    titles = [
        "collection", "model", "employee comments", "customer comments", "import seconds",
        "new texts embedded", "seconds",
    ]  # fmt: skip
    return table(titles, rows, 2)


NOTES = """\
Every method gets the same comments, as imported (normalised, redacted), and vectors of the same
model. Bothsides works on segments, and a comment counts for the theme of its most confident
segment; the others get one vector a comment. Texts that a method leaves out are one cluster of
their own. BERTopic runs with all its defaults (UMAP 15 neighbours, 5 dimensions; HDBSCAN 10), its
UMAP seeded; EVoC with its defaults and the layer that it chooses itself; k-means is told the true
number of labels. `true` is the number of human labels.

Seconds and peak memory are those of one fit in a process of its own, without embedding: of
Bothsides the whole run (of the fixtures both sides at once: cleaning, segments, themes, terms,
pairs); of BERTopic with its own terms; of the others the clusters only. What numba compiles is
compiled before the clock starts, but counts in the memory. NPMI (over the comments as documents)
and diversity are of the ten terms that the same class-based TF-IDF gives each method. A label finds
its theme if its vector is nearest to its own theme's centroid among all centroids (centred: labels
without the mean of all labels, texts without that of all texts); labels of the other methods are
their first three terms."""
STABILITY_NOTES = """\
Agreement (ARI) of a method with its own first run; 80 %: over the rows drawn. Predict = fit: the
share of the texts (Bothsides: segments) fitted on to which prediction gives the theme that fitting
gave. EVoC cannot predict."""
PAIR_NOTES = """\
A theme stands for the label that most of its segments carry (walmart: for the concepts that it
speaks of). Precision is over pairs that gold judges; recall over gold pairs whose two labels each
lead a theme; `never`: pairs of concepts that only share words. Kinds must agree: a pair is right
only if its kind is that of gold. airline+banking77 are unrelated: what is shown there is mostly
wrong, but no gold says so."""
CALIBRATION_NOTES = """\
Of pairs that gold judges. ECE: ten bins. All weighed: every employee theme with every customer
theme, shown or not."""

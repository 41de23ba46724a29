"""What is shown, written from what was found and what people decided.

The tables themes, broad_themes, pairs, closest and exemplars and the column segments.theme_id hold
nothing of their own: this module writes them from ``found``, ``segments.found_theme_id`` and the
events, after every run and after every edit, in the same transaction. So is the cube of the figures
that may be shown (``guard``), if who is in which theme has changed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from analyzer import edit_log, edits, found
from analyzer.edits import Shown
from analyzer.embed import text_hash
from analyzer.found import Found, Ref, ends
from analyzer.guard import cube
from analyzer.steps import Key, Move, Split, Step, placed, rerouted
from analyzer.types import NEUTRAL_BELOW, Pair, Polarity


def read_found(db: sqlite3.Connection) -> Found | None:
    """Return what the newest run found, None if no run has kept that."""
    row = db.execute("SELECT result FROM found ORDER BY run_id DESC LIMIT 1").fetchone()
    return found.load(row[0]) if row else None


def write_found(db: sqlite3.Connection, run: int, result: Found) -> None:
    """Keep what a run found, in the place of what the run before found."""
    db.execute("DELETE FROM found")
    db.execute("INSERT INTO found VALUES (?, ?)", [run, found.dump(result)])


def shown(db: sqlite3.Connection) -> Shown:
    """Return what is to be shown: the newest result with the events in it."""
    result = read_found(db) or found.NOTHING
    return edits.apply(result, edit_log.read(db), edit_log.born(db))


def project(db: sqlite3.Connection) -> Shown:
    """Write what is shown. To be called inside a transaction, after whatever changed."""
    result = read_found(db) or found.NOTHING
    view = edits.apply(result, edit_log.read(db), edit_log.born(db))
    write_themes(db, view.found)
    _place(db, view.steps, [theme.id for theme in result.themes])
    _count(db, "themes", "s.theme_id")
    _count(db, "broad_themes", "t.broad_id")
    _mark(db, view)
    _order(db, [theme.id for theme in view.found.themes])
    _write_evidence(db, view)
    db.execute("DELETE FROM themes WHERE id NOT IN (SELECT theme_id FROM segments)")
    db.execute("DELETE FROM broad_themes WHERE id NOT IN (SELECT broad_id FROM themes)")
    cube.refresh(db)
    return view


def write_themes(db: sqlite3.Connection, result: Found) -> None:
    """Write the themes and broad themes that are there; those that are not stay for a while."""
    run = db.execute("SELECT max(run_id) FROM found").fetchone()[0]
    both = ("id", "run_id", "side", "position", "label", "terms", "comments", "segments")
    shares = ("positive", "neutral", "negative", "mean")
    _upsert(
        db, "broad_themes", (*both, *shares),
        [
            (b.id, run, b.side, 0, b.label, _json(b.terms), 0, 0, *_shares(b.polarity))
            for b in result.broad
        ],
    )  # fmt: skip
    _upsert(
        db, "themes", (*both, *shares, "broad_id", "nature", "centroid", "nodes"),
        [
            (
                t.id, run, t.side, 0, t.label, _json(t.terms), 0, 0, *_shares(t.polarity), t.broad,
                t.nature, t.centroid.astype("<f4").tobytes(), json.dumps(dict(t.nodes)),
            )
            for t in result.themes
        ],
    )  # fmt: skip


def _upsert(
    db: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
) -> None:
    update = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
    db.executemany(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) "
        f"ON CONFLICT (id) DO UPDATE SET {update}",
        rows,
    )


def _json(terms: Sequence[str]) -> str:
    return json.dumps(list(terms), ensure_ascii=False)


def _shares(polarity: Polarity) -> tuple[float, ...]:
    four = (polarity.positive, polarity.neutral, polarity.negative, polarity.mean)
    return tuple(round(float(figure), 6) for figure in four)


def _place(db: sqlite3.Connection, steps: Sequence[Step], themes: Sequence[str]) -> None:
    """Give every segment the theme that it is shown in."""
    for theme in themes:
        target, _ = rerouted(steps, theme)
        db.execute(
            "UPDATE segments SET theme_id = ? WHERE found_theme_id = ? AND theme_id <> ?",
            [target, theme, target],
        )
    db.executemany(
        "UPDATE segments SET theme_id = ? WHERE comment_id = ? AND position = ?",
        [(theme, *ref) for ref, theme in singly(db, steps, themes, merges=True)],
    )


def singly(
    db: sqlite3.Connection, steps: Sequence[Step], themes: Iterable[str], *, merges: bool
) -> Iterator[tuple[Ref, str]]:
    """Yield the segments that a split or a move looks at one by one, and the theme of each.

    ``themes`` are those that the run found. Without ``merges``: see :func:`steps.placed`.
    """
    looked_at = [theme for theme in themes if rerouted(steps, theme)[1]]
    comments = sorted({step.key[0] for step in steps if isinstance(step, Move)})
    nearer = _nearer(db)
    for column, wanted in (("s.found_theme_id", looked_at), ("s.comment_id", comments)):
        for value in wanted:
            rows = db.execute(
                "SELECT s.comment_id, s.position, s.found_theme_id, "
                "substr(c.text, s.start_at + 1, s.end_at - s.start_at) "
                f"FROM segments s JOIN comments c ON c.id = s.comment_id WHERE {column} = ?",
                [value],
            ).fetchall()
            for comment, position, theme, text in rows:
                key = (comment, text_hash(text).hex())
                yield (
                    (comment, position),
                    placed(steps, theme, key, text, nearer, merges=merges),
                )


def _nearer(db: sqlite3.Connection) -> Callable[[Split, Key], bool]:
    """Return what tells to which part of a split a segment is nearer, by the run's vectors."""
    run = db.execute("SELECT fingerprint FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    middles: dict[str, list[np.ndarray]] = {}

    def vector(key: Key) -> np.ndarray | None:
        row = db.execute(
            "SELECT vector FROM embeddings WHERE fingerprint = ? AND text_hash = ?",
            [run[0], bytes.fromhex(key[1])],
        ).fetchone()
        return np.frombuffer(row[0], dtype="<f4").astype(np.float64) if row else None

    def middle(keys: Iterable[Key]) -> np.ndarray:
        rows = [row for row in map(vector, sorted(keys)) if row is not None]
        mean = np.mean(rows, axis=0) if rows else np.zeros(1)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12))

    def nearer(split: Split, key: Key) -> bool:
        own = vector(key)
        if own is None:
            return False
        if split.new not in middles:
            middles[split.new] = [middle(split.moved), middle(split.stayed)]
        left, stayed = (float((own * mean).sum()) for mean in middles[split.new])
        return left > stayed

    return nearer


def _count(db: sqlite3.Connection, table: str, key: str) -> None:
    """Count comments and segments and how they judge, from the segments as they are shown."""
    join = "JOIN themes t ON t.id = s.theme_id" if key.startswith("t.") else ""
    rows = db.execute(
        f"""
        SELECT count(DISTINCT s.comment_id), count(*), avg(s.polarity >= {NEUTRAL_BELOW}),
            avg(abs(s.polarity) < {NEUTRAL_BELOW}), avg(s.polarity <= -{NEUTRAL_BELOW}),
            avg(s.polarity), {key}
        FROM segments s {join} GROUP BY {key}
        """
    ).fetchall()
    db.executemany(
        f"UPDATE {table} SET comments = ?, segments = ?, positive = ?, neutral = ?, negative = ?, "
        "mean = ? WHERE id = ?",
        [(*row[:2], *(round(figure, 6) for figure in row[2:6]), row[6]) for row in rows],
    )


def _mark(db: sqlite3.Connection, view: Shown) -> None:
    db.executemany(
        "UPDATE themes SET own_label = ?, hidden = ? WHERE id = ?",
        [
            (view.own_labels.get(theme.id), theme.id in view.hidden, theme.id)
            for theme in view.found.themes
        ],
    )


def _order(db: sqlite3.Connection, themes: Sequence[str]) -> None:
    """Number themes and broad themes of a side by falling size; ties: as the run found them."""
    place = {theme: at for at, theme in enumerate(themes)}
    for table in ("themes", "broad_themes"):
        rows = db.execute(f"SELECT side, -segments, id FROM {table}").fetchall()
        rows.sort(key=lambda row: (row[0], row[1], place.get(row[2], len(place)), row[2]))
        db.executemany(
            f"UPDATE {table} SET position = ? WHERE id = ?",
            [(at, row[2]) for at, row in enumerate(rows)],
        )


def _write_evidence(db: sqlite3.Connection, view: Shown) -> None:
    """Write pairs with their closest segments, and exemplars, as far as these are still there."""
    for table in ("closest", "pairs", "exemplars"):
        db.execute(f"DELETE FROM {table}")
    empty = {theme.id for theme in view.found.themes}
    empty -= {row[0] for row in db.execute("SELECT DISTINCT theme_id FROM segments")}
    for pair in view.found.pairs:
        if not empty & set(ends(pair)):
            hidden = ends(pair) in view.hidden_pairs or bool(view.hidden & set(ends(pair)))
            _write_pair(db, pair, hidden=hidden)
    db.executemany(
        "INSERT INTO exemplars SELECT ?, ?, comment_id, position FROM segments "
        "WHERE comment_id = ? AND position = ? AND theme_id = ?",
        [
            (theme.id, rank, *ref, theme.id)
            for theme in view.found.themes
            for rank, ref in enumerate(view.found.exemplars.get(theme.id, ()))
        ],
    )
    db.executemany(
        "INSERT INTO closest SELECT ?1, ?2, ?3, e.comment_id, e.position, c.comment_id, c.position,"
        " ?8 FROM segments e, segments c WHERE e.comment_id = ?4 AND e.position = ?5 "
        "AND c.comment_id = ?6 AND c.position = ?7 AND e.theme_id = ?1 AND c.theme_id = ?2 "
        "AND EXISTS (SELECT 1 FROM pairs WHERE employee_theme_id = ?1 AND customer_theme_id = ?2)",
        [
            (*key, rank, *left, *right, cosine)
            for key, rows in view.found.closest.items()
            for rank, (left, right, cosine) in enumerate(rows)
        ],
    )


def _write_pair(db: sqlite3.Connection, pair: Pair, *, hidden: bool) -> None:
    evidence = pair.evidence
    signs = [
        {
            "name": sign.name, "value": round(sign.value, 4), "weight": round(sign.weight, 4),
            "moved": round(sign.moved, 4), "note": sign.note,
        }
        for sign in evidence.signs
    ]  # fmt: skip
    db.execute(
        "INSERT INTO pairs (employee_theme_id, customer_theme_id, kind, probability, similarity, "
        "status, signs, shared_terms, edge, reason, source, hidden) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            *ends(pair), pair.kind, round(pair.probability, 6), round(pair.similarity, 6),
            pair.status, json.dumps(signs, ensure_ascii=False), _json(evidence.shared_terms),
            evidence.edge, evidence.reason, evidence.source, hidden,
        ],
    )  # fmt: skip

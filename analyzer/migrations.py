"""The schema, as named transactional steps. A step that has landed is never edited."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlite_utils import Migrations

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("bothsides")


def _execute(db: Database, *statements: str) -> None:
    # Not executescript: it would commit the migration's transaction before it begins.
    for statement in statements:
        db.execute(statement)


@migrations()
def m001_comments(db: Database) -> None:
    """What came in: imports, comments, rows kept aside, and the key that hashes respondents."""
    _execute(
        db,
        """CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT""",
        """CREATE TABLE imports (
            id INTEGER PRIMARY KEY, file TEXT NOT NULL, sha256 TEXT NOT NULL, side TEXT NOT NULL,
            kind TEXT NOT NULL, format TEXT NOT NULL, mapping TEXT NOT NULL,
            imported_at TEXT NOT NULL, row_count INTEGER NOT NULL, new INTEGER NOT NULL,
            changed INTEGER NOT NULL, unchanged INTEGER NOT NULL, duplicate INTEGER NOT NULL,
            empty INTEGER NOT NULL, rejected INTEGER NOT NULL) STRICT""",
        """CREATE TABLE comments (
            id TEXT PRIMARY KEY, side TEXT NOT NULL CHECK (side IN ('employee', 'customer')),
            kind TEXT NOT NULL, source_id TEXT NOT NULL, column_name TEXT NOT NULL,
            text TEXT NOT NULL, language TEXT, date TEXT, unit TEXT, score REAL, respondent TEXT,
            attributes TEXT NOT NULL DEFAULT '{}',
            import_id INTEGER NOT NULL REFERENCES imports(id)) STRICT""",
        "CREATE INDEX comments_side ON comments (side, kind, source_id, column_name)",
        "CREATE INDEX comments_import ON comments (import_id)",
        """CREATE TABLE rejected_rows (
            import_id INTEGER NOT NULL REFERENCES imports(id), row_number INTEGER NOT NULL,
            column_name TEXT, reason TEXT NOT NULL) STRICT""",
        "CREATE INDEX rejected_rows_import ON rejected_rows (import_id)",
    )
    db.execute("INSERT INTO secrets VALUES ('respondents', ?)", [secrets.token_bytes(32)])


@migrations()
def m002_embeddings(db: Database) -> None:
    """Vectors by model and text: float32, little-endian, as long as the model's dimension."""
    _execute(
        db,
        """CREATE TABLE embeddings (
            fingerprint TEXT NOT NULL, text_hash BLOB NOT NULL, vector BLOB NOT NULL,
            PRIMARY KEY (fingerprint, text_hash)) STRICT""",
    )


@migrations()
def m003_analysis(db: Database) -> None:
    """Every run is remembered; themes, segments and pairs are those of the newest run."""
    _execute(
        db,
        """CREATE TABLE runs (
            id INTEGER PRIMARY KEY, finished_at TEXT NOT NULL, seconds REAL NOT NULL,
            seed INTEGER NOT NULL, strategy TEXT NOT NULL, embedder TEXT NOT NULL,
            fingerprint TEXT NOT NULL, settings TEXT NOT NULL, versions TEXT NOT NULL,
            inputs TEXT NOT NULL, notes TEXT NOT NULL) STRICT""",
        """CREATE TABLE themes (
            id TEXT PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES runs(id), side TEXT NOT NULL,
            position INTEGER NOT NULL, label TEXT NOT NULL, terms TEXT NOT NULL,
            comments INTEGER NOT NULL, segments INTEGER NOT NULL, centroid BLOB NOT NULL,
            nodes TEXT NOT NULL) STRICT""",
        """CREATE TABLE segments (
            comment_id TEXT NOT NULL REFERENCES comments(id), position INTEGER NOT NULL,
            start_at INTEGER NOT NULL, end_at INTEGER NOT NULL, language TEXT NOT NULL,
            theme_id TEXT NOT NULL REFERENCES themes(id), confidence REAL NOT NULL,
            PRIMARY KEY (comment_id, position)) STRICT""",
        "CREATE INDEX segments_theme ON segments (theme_id)",
        """CREATE TABLE exemplars (
            theme_id TEXT NOT NULL REFERENCES themes(id), rank INTEGER NOT NULL,
            comment_id TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (theme_id, rank),
            FOREIGN KEY (comment_id, position) REFERENCES segments(comment_id, position)) STRICT""",
        """CREATE TABLE dropped (
            comment_id TEXT NOT NULL REFERENCES comments(id), start_at INTEGER NOT NULL,
            end_at INTEGER NOT NULL, reason TEXT NOT NULL) STRICT""",
        """CREATE TABLE pairs (
            employee_theme_id TEXT NOT NULL REFERENCES themes(id),
            customer_theme_id TEXT NOT NULL REFERENCES themes(id), kind TEXT NOT NULL,
            probability REAL NOT NULL, similarity REAL NOT NULL, status TEXT NOT NULL,
            signs TEXT NOT NULL, shared_terms TEXT NOT NULL, edge TEXT, reason TEXT, source TEXT,
            PRIMARY KEY (employee_theme_id, customer_theme_id)) STRICT""",
        """CREATE TABLE closest (
            employee_theme_id TEXT NOT NULL, customer_theme_id TEXT NOT NULL, rank INTEGER NOT NULL,
            employee_comment_id TEXT NOT NULL, employee_position INTEGER NOT NULL,
            customer_comment_id TEXT NOT NULL, customer_position INTEGER NOT NULL,
            cosine REAL NOT NULL, PRIMARY KEY (employee_theme_id, customer_theme_id, rank),
            FOREIGN KEY (employee_theme_id, customer_theme_id)
                REFERENCES pairs(employee_theme_id, customer_theme_id)) STRICT""",
    )


@migrations()
def m004_levels_and_polarity(db: Database) -> None:
    """Broad themes hold themes; themes and segments have a polarity. NULL: analysed before."""
    _execute(
        db,
        """CREATE TABLE broad_themes (
            id TEXT PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES runs(id),
            side TEXT NOT NULL CHECK (side IN ('employee', 'customer')),
            position INTEGER NOT NULL, label TEXT NOT NULL, terms TEXT NOT NULL,
            comments INTEGER NOT NULL, segments INTEGER NOT NULL, positive REAL NOT NULL,
            neutral REAL NOT NULL, negative REAL NOT NULL, mean REAL NOT NULL) STRICT""",
        "ALTER TABLE themes ADD COLUMN broad_id TEXT REFERENCES broad_themes(id)",
        """ALTER TABLE themes ADD COLUMN nature TEXT
            CHECK (nature IN ('subject', 'general-praise', 'general-complaint'))""",
        "ALTER TABLE themes ADD COLUMN positive REAL",
        "ALTER TABLE themes ADD COLUMN neutral REAL",
        "ALTER TABLE themes ADD COLUMN negative REAL",
        "ALTER TABLE themes ADD COLUMN mean REAL",
        "ALTER TABLE segments ADD COLUMN polarity REAL",
        "CREATE INDEX themes_broad ON themes (broad_id)",
    )


@migrations()
def m005_batches(db: Database) -> None:
    """What each import carried, so that any of them can be taken back, in any order.

    ``carried`` holds ranges of arrival numbers, not rows: an export that comes every night and
    holds everything is one row a night. An import of before (``tracked`` 0) has none.
    """
    _execute(
        db,
        "ALTER TABLE imports ADD COLUMN tracked INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE imports ADD COLUMN undone_at TEXT",
        """CREATE TABLE arrivals (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            comment_id TEXT NOT NULL UNIQUE REFERENCES comments(id)) STRICT""",
        "INSERT INTO arrivals (comment_id) SELECT id FROM comments ORDER BY rowid",
        """CREATE TABLE carried (
            import_id INTEGER NOT NULL REFERENCES imports(id), first INTEGER NOT NULL,
            last INTEGER NOT NULL CHECK (last >= first),
            PRIMARY KEY (import_id, first)) STRICT, WITHOUT ROWID""",
        """CREATE TABLE former (
            comment_id TEXT NOT NULL REFERENCES comments(id),
            import_id INTEGER NOT NULL REFERENCES imports(id), text TEXT NOT NULL, language TEXT,
            date TEXT, unit TEXT, score REAL, respondent TEXT, attributes TEXT NOT NULL,
            PRIMARY KEY (comment_id, import_id)) STRICT, WITHOUT ROWID""",
        "CREATE INDEX former_import ON former (import_id)",
        "ALTER TABLE runs ADD COLUMN comments_state TEXT",
    )


@migrations()
def m006_identities_and_edits(db: Database) -> None:
    """Theme ids for life, what each run changed, the algorithm's own result, edits by people.

    ``themes``, ``pairs`` and their like are what is shown; ``found`` is what the algorithm found,
    ``segments.found_theme_id`` where it put each segment. The one follows from the other and the
    edits, always.
    """
    _execute(
        db,
        """CREATE TABLE identities (
            id TEXT PRIMARY KEY, side TEXT NOT NULL CHECK (side IN ('employee', 'customer')),
            run_id INTEGER REFERENCES runs(id), parent TEXT REFERENCES identities(id)) STRICT""",
        """INSERT INTO identities SELECT id, side, run_id, NULL FROM themes
            UNION ALL SELECT id, side, run_id, NULL FROM broad_themes""",
        """CREATE TABLE theme_changes (
            run_id INTEGER NOT NULL REFERENCES runs(id), side TEXT NOT NULL, kind TEXT NOT NULL
                CHECK (kind IN ('new', 'grown', 'shrunk', 'split', 'merged', 'gone')),
            theme_id TEXT NOT NULL REFERENCES identities(id),
            other_id TEXT REFERENCES identities(id), label TEXT NOT NULL,
            segments_before INTEGER NOT NULL, segments_after INTEGER NOT NULL,
            moved INTEGER NOT NULL) STRICT""",
        "CREATE INDEX theme_changes_run ON theme_changes (run_id)",
        """CREATE TABLE pair_changes (
            run_id INTEGER NOT NULL REFERENCES runs(id),
            kind TEXT NOT NULL CHECK (kind IN ('new', 'gone')),
            employee_theme_id TEXT NOT NULL REFERENCES identities(id),
            customer_theme_id TEXT NOT NULL REFERENCES identities(id)) STRICT""",
        "CREATE INDEX pair_changes_run ON pair_changes (run_id)",
        """CREATE TABLE found (
            run_id INTEGER PRIMARY KEY REFERENCES runs(id), result TEXT NOT NULL) STRICT""",
        """CREATE TABLE edits (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL,
            action TEXT NOT NULL, targets TEXT NOT NULL, payload TEXT NOT NULL, why TEXT NOT NULL,
            run_id INTEGER NOT NULL REFERENCES runs(id), undone_by INTEGER REFERENCES edits(id)
            ) STRICT""",
        "ALTER TABLE segments ADD COLUMN found_theme_id TEXT",
        "UPDATE segments SET found_theme_id = theme_id",
        "CREATE INDEX segments_found_theme ON segments (found_theme_id)",
        "ALTER TABLE themes ADD COLUMN own_label TEXT",
        "ALTER TABLE themes ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE pairs ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX dropped_comment ON dropped (comment_id)",
    )


@migrations()
def m007_model(db: Database) -> None:
    """What gives new comments the standing themes, and the segments that fit none of them.

    ``models`` holds one row, that of the newest run; the vector is float16, little-endian.
    """
    _execute(
        db,
        """CREATE TABLE models (
            run_id INTEGER PRIMARY KEY REFERENCES runs(id), basis TEXT NOT NULL,
            comments INTEGER NOT NULL, arrays BLOB NOT NULL) STRICT""",
        """CREATE TABLE gathering (
            comment_id TEXT NOT NULL, position INTEGER NOT NULL, vector BLOB NOT NULL,
            PRIMARY KEY (comment_id, position),
            FOREIGN KEY (comment_id, position) REFERENCES segments(comment_id, position)) STRICT""",
    )


@migrations()
def m008_profiles(db: Database) -> None:
    """How files with a certain header are read. Mapping NULL: only the side and kind were told.

    Side NULL: files of both sides have this header, so each has to be told whose it is.
    """
    _execute(
        db,
        """CREATE TABLE profiles (
            header TEXT PRIMARY KEY, side TEXT CHECK (side IN ('employee', 'customer')),
            kind TEXT, mapping TEXT, file TEXT NOT NULL, kept_at TEXT NOT NULL) STRICT""",
    )


@migrations()
def m009_accounts(db: Database) -> None:
    """Users, their sessions and tokens, attempts to sign in; the key of the pages.

    Times are seconds since 1970. Tokens are stored hashed, attempts under keyed hashes.
    """
    _execute(
        db,
        """CREATE TABLE users (
            id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL CHECK (role IN ('cx', 'hr', 'hr_verbatim', 'admin')),
            password TEXT NOT NULL, totp_secret TEXT, totp_step INTEGER,
            disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
            created_at INTEGER NOT NULL) STRICT""",
        """CREATE TABLE sessions (
            token_hash BLOB PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users(id),
            step TEXT NOT NULL CHECK (step IN ('code', 'in')),
            created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL) STRICT""",
        "CREATE INDEX sessions_user ON sessions (user_id)",
        """CREATE TABLE api_tokens (
            id TEXT PRIMARY KEY, token_hash BLOB NOT NULL UNIQUE,
            user_id INTEGER NOT NULL REFERENCES users(id), label TEXT NOT NULL,
            rights TEXT NOT NULL, created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL) STRICT""",
        "CREATE INDEX api_tokens_user ON api_tokens (user_id)",
        """CREATE TABLE attempts (
            id INTEGER PRIMARY KEY, action TEXT NOT NULL CHECK (action IN ('password', 'code')),
            account BLOB NOT NULL, address BLOB NOT NULL, at INTEGER NOT NULL) STRICT""",
        "CREATE INDEX attempts_account ON attempts (action, account, at)",
        "CREATE INDEX attempts_address ON attempts (action, address, at)",
    )
    db.execute("INSERT INTO secrets VALUES ('web', ?)", [secrets.token_bytes(32)])


@migrations()
def m010_cube(db: Database) -> None:
    """Figures of groups as they may be shown, and the key that rounds those of employees.

    ``cube`` never holds a true count of employees. An attribute of '' is none, a theme of '' the
    whole side. The four ``read_`` columns say whose comments may be read. ``heard`` are the words
    that enough employees use; ``cube_state`` is what each theme was computed from.
    """
    _execute(
        db,
        """CREATE TABLE cube (
            side TEXT NOT NULL CHECK (side IN ('employee', 'customer')), theme_id TEXT NOT NULL,
            attribute TEXT NOT NULL, value TEXT NOT NULL, attribute2 TEXT NOT NULL,
            value2 TEXT NOT NULL, respondents INTEGER, comments INTEGER, positive INTEGER,
            neutral INTEGER, negative INTEGER, read_all INTEGER NOT NULL,
            read_positive INTEGER NOT NULL, read_neutral INTEGER NOT NULL,
            read_negative INTEGER NOT NULL,
            PRIMARY KEY (side, theme_id, attribute, value, attribute2, value2)
            ) STRICT, WITHOUT ROWID""",
        "CREATE TABLE heard (word TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
        """CREATE TABLE cube_state (side TEXT NOT NULL, theme_id TEXT NOT NULL,
            basis TEXT NOT NULL, PRIMARY KEY (side, theme_id)) STRICT, WITHOUT ROWID""",
    )
    db.execute("INSERT INTO secrets VALUES ('cube', ?)", [secrets.token_bytes(32)])


@migrations()
def m011_raw(db: Database) -> None:
    """Raw texts, encrypted, of who asked to keep them; every reading of one; what is masked anew.

    A raw text belongs to one value of a comment: to the import that brought it.
    """
    _execute(
        db,
        "ALTER TABLE imports ADD COLUMN masked_anew INTEGER NOT NULL DEFAULT 0",
        """CREATE TABLE raw_texts (
            comment_id TEXT NOT NULL REFERENCES comments(id),
            import_id INTEGER NOT NULL REFERENCES imports(id), sealed BLOB NOT NULL,
            PRIMARY KEY (comment_id, import_id)) STRICT, WITHOUT ROWID""",
        "CREATE INDEX raw_texts_import ON raw_texts (import_id)",
        """CREATE TABLE raw_readings (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL,
            comment_id TEXT NOT NULL, reason TEXT NOT NULL) STRICT""",
    )


@migrations()
def m012_erasure(db: Database) -> None:
    """Who read employees' comments, what was erased, which files were written, words to search by.

    ``tombstones`` are keyed hashes; ``files`` are exports, backups and sources that erasing has to
    reach. The index of words has comments under their numbers of arrival, which no VACUUM changes;
    ``arrivals.carry`` adds new ones all at once (a trigger a row takes four times as long), what
    changes or goes is followed by triggers.
    """
    _execute(
        db,
        """CREATE TABLE access_log (
            number INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
            filter TEXT NOT NULL, rows INTEGER NOT NULL, signer TEXT NOT NULL,
            hash BLOB NOT NULL) STRICT""",
        """CREATE TABLE erasures (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('request', 'retention', 'restore')),
            why TEXT NOT NULL, cutoff TEXT, comments INTEGER NOT NULL, clean_at TEXT) STRICT""",
        """CREATE TABLE tombstones (
            digest BLOB PRIMARY KEY, erasure_id INTEGER NOT NULL REFERENCES erasures(id)
            ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE files (
            path TEXT PRIMARY KEY, kind TEXT NOT NULL
                CHECK (kind IN ('export', 'backup', 'aside', 'source', 'upload')),
            what TEXT NOT NULL, sha256 TEXT, written_at TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'there' CHECK (state IN ('there', 'doomed', 'gone', 'left'))
            ) STRICT""",
        "ALTER TABLE imports ADD COLUMN aside_gone_at TEXT",
        """CREATE VIEW comment_texts AS
            SELECT a.number AS number, c.text AS text
            FROM arrivals a JOIN comments c ON c.id = a.comment_id""",
        """CREATE VIRTUAL TABLE comment_words USING fts5 (
            text, content='comment_texts', content_rowid='number',
            tokenize='unicode61 remove_diacritics 2')""",
        """CREATE TRIGGER comment_words_gone BEFORE DELETE ON arrivals BEGIN
            INSERT INTO comment_words (comment_words, rowid, text)
            SELECT 'delete', old.number, text FROM comments WHERE id = old.comment_id; END""",
        """CREATE TRIGGER comment_words_changed AFTER UPDATE OF text ON comments
            WHEN old.text <> new.text BEGIN
            INSERT INTO comment_words (comment_words, rowid, text)
            SELECT 'delete', number, old.text FROM arrivals WHERE comment_id = old.id;
            INSERT INTO comment_words (rowid, text)
            SELECT number, new.text FROM arrivals WHERE comment_id = new.id; END""",
        "INSERT INTO comment_words (comment_words) VALUES ('rebuild')",
        """CREATE INDEX comments_respondent ON comments (respondent, side)
            WHERE respondent IS NOT NULL""",
        "CREATE INDEX former_respondent ON former (respondent) WHERE respondent IS NOT NULL",
    )
    db.execute("INSERT INTO secrets VALUES ('access log', ?)", [secrets.token_bytes(32)])


@migrations()
def m013_jobs(db: Database) -> None:
    """What people send, and the work that they ask for; see ``jobs/queue.py``.

    ``uploads.path`` is a name in the folder of uploads beside the database.
    """
    _execute(
        db,
        """CREATE TABLE uploads (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL,
            path TEXT NOT NULL UNIQUE, at TEXT NOT NULL, who TEXT NOT NULL) STRICT""",
        """CREATE TABLE jobs (
            id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, args TEXT NOT NULL,
            state TEXT NOT NULL
                CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
            who TEXT NOT NULL, asked_at TEXT NOT NULL, started_at TEXT, ended_at TEXT, owner TEXT,
            lease_until REAL NOT NULL DEFAULT 0, wait_until REAL NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0, cancel INTEGER NOT NULL DEFAULT 0,
            stages TEXT NOT NULL DEFAULT '[]', checkpoint TEXT, error TEXT, result TEXT) STRICT""",
        "CREATE INDEX jobs_state ON jobs (state, id)",
    )

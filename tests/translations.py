"""The catalogues of the interface beside its sources: ``scripts/translate`` and its test.

``python -m tests.translations`` extracts every text of templates and modules and brings each
catalogue up to date; ``--check`` writes nothing.
"""

from __future__ import annotations

import re
import sys
from io import BytesIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from webui.language import LANGUAGES, SOURCE, po_file

FOLDER = po_file(SOURCE).parents[3]
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "Text": None,
    "Counted": (1, 2),
}
HEADER = "# Texts of Bothsides. Written by scripts/translate; the translations are ours."
VALUE = re.compile(r"%\((\w+)\)s")
OTHERS = tuple(code for code in LANGUAGES if code != SOURCE)


def extracted() -> Catalog:
    """Return every text of the sources, with the files that it is in."""
    found = Catalog(header_comment=HEADER)
    for file, _, message, _, context in extract_from_dir(
        str(FOLDER), METHODS, OPTIONS, keywords=KEYWORDS
    ):
        # No line numbers: they would change the catalogue with every edit of a page.
        found.add(message, locations=[(f"webui/{file}", 0)], context=context)
    return found


def read(code: str) -> Catalog:
    """Return a catalogue as it is; an empty one if there is none yet."""
    if not po_file(code).exists():
        return Catalog(locale=code, header_comment=HEADER)
    with po_file(code).open("rb") as file:
        return read_po(file, locale=code)


def updated(code: str) -> Catalog:
    """Return a catalogue with the texts that there are now, those that went left out."""
    catalogue = read(code)
    catalogue.update(extracted(), no_fuzzy_matching=True, update_header_comment=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as its file holds it: sorted, without dates."""
    out = BytesIO()
    write_po(out, catalogue, sort_output=True, include_lineno=False, width=100, omit_header=False)
    lines = out.getvalue().decode("utf-8").splitlines(keepends=True)
    dated = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Last-Translator",
             "Language-Team", "Report-Msgid-Bugs-To", "Project-Id-Version")  # fmt: skip
    kept = [line for line in lines if not line.startswith(tuple(f'"{name}' for name in dated))]
    return "".join(kept).encode("utf-8")


def missing(catalogue: Catalog) -> list[str]:
    """Return the texts without a translation, or whose translation loses a value."""
    return [str(message.id) for message in catalogue if message.id and not _whole(message)]


def _whole(message: Message) -> bool:
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    asked = message.id if isinstance(message.id, tuple) else (message.id,)
    if message.fuzzy or not all(said):
        return False
    values = set(VALUE.findall(" ".join(asked)))
    return all(set(VALUE.findall(one)) == values for one in said)


def main(arguments: list[str]) -> int:
    """Bring every catalogue up to date, or only look; return the exit code."""
    bad = 0
    for code in OTHERS:
        catalogue = updated(code)
        content = written(catalogue)
        behind = not po_file(code).exists() or po_file(code).read_bytes() != content
        if "--check" not in arguments:
            po_file(code).parent.mkdir(parents=True, exist_ok=True)
            po_file(code).write_bytes(content)
            behind = False
        lost = missing(catalogue)
        bad += behind + len(lost)
        state = "behind the sources" if behind else "up to date"
        sys.stdout.write(f"{code}: {len(catalogue)} texts, {len(lost)} not translated, {state}\n")
        sys.stdout.writelines(f"  {text}\n" for text in lost)
    return 1 if bad and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

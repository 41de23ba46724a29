"""Preview one upload in its child, print what it took: ``python -m tests.measure_reading FILE``."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from analyzer.errors import BothsidesError
from analyzer.jobs import reading


def peak() -> int:
    """Return this program's peak in MB; getrusage would count the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def main() -> None:
    path = Path(sys.argv[1])
    began = time.monotonic()
    try:
        seen = reading.preview(path, path.with_name("none.db"), 100_000, name=path.name)
        said = " ".join(str(sample["why"]) for sample in seen["worst"]) + str(seen["problem"])
    except BothsidesError as exc:
        said = f"{type(exc).__name__}: {exc}"
    seconds = time.monotonic() - began
    peaks = [peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024]
    sys.stdout.write(json.dumps({"seconds": seconds, "peaks": peaks, "said": said}))


if __name__ == "__main__":
    main()

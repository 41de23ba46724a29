"""How a count of employees is published: rounded to a multiple of ``step``, by a secret offset.

Each figure has its own offset, 0 .. step - 1, from a key that never leaves the database: the cell
key method of the Australian Bureau of Statistics (Fraser and Wooton 2005, A proposed method for
confidentialising tabular output to protect against differencing; Hundepool et al. 2012, chapter
5.4) with random rounding as its table of changes. ``step`` is the number of respondents that a
figure needs, 5 if the settings do not raise it. So:

- The same count gives the same figure whenever and however often it is asked for: repeating the
  question averages nothing out.
- One person who comes or goes changes a figure by nothing, or by ``step``; never by 1 to 4. At
  which count a figure changes is secret, so that a change tells nobody's count.
- The mean error is nil, the largest ``step - 1``. The smallest figure is twice the step and stands
  for ``step`` to ``3 step - 1``: a narrower one could not hide a single person.

The audit of linear programming, over all figures at once, is in ``tests/properties``.

Publishing the exact count and moving it only when the truth has moved by 5 was the alternative. It
moves as often, has to remember what it said, and says exact counts, which can be subtracted.
"""

from __future__ import annotations

import hashlib
import hmac

import numpy as np

from analyzer.types import Labels


def offsets(key: bytes, names: list[str], step: int) -> Labels:
    """Return the secret offset of each figure, 0 .. step - 1, by its name."""
    base = hmac.new(key, b"", hashlib.sha256)

    def offset(name: str) -> int:
        own = base.copy()
        own.update(name.encode("utf-8", "surrogatepass"))
        return int.from_bytes(own.digest()[:8], "big") % step

    return np.array([offset(name) for name in names], dtype=np.int64)


def rounded(counts: Labels, offset: Labels, step: int) -> Labels:
    """Return the published figures (n,) of counts (n,) that are at least ``step``."""
    return np.asarray(np.maximum((counts + offset) // step * step, 2 * step))


def bounds(figures: Labels, step: int) -> tuple[Labels, Labels]:
    """Return the least and the greatest count that each published figure may stand for."""
    smallest = figures == 2 * step
    low = np.where(smallest, step, figures - step + 1)
    high = figures + step - 1
    return low, high

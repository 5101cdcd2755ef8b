"""The first and the last samples of a stream, kept in flat memory."""

from typing import NamedTuple

from lossctl.results.samples import Samples


class Excerpt(NamedTuple):
    """The first and the last samples, and how many lie between them, or behind the first."""

    first: Samples
    between: int
    last: Samples | None


class Excerpter:
    """Keeps the first half and the last half of `count` rows of all that pass by."""

    def __init__(self, count: int) -> None:
        self._missing_first = count - count // 2
        self._most_last = count // 2
        self._first: list[Samples] = []
        self._last: Samples | None = None
        self._n = 0

    def add(self, samples: Samples) -> None:
        """Take notice of the next samples."""
        self._n += len(samples)
        if self._missing_first:
            self._first.append(samples[: self._missing_first])
            samples = samples[self._missing_first :]
            self._missing_first -= len(self._first[-1])
        if len(samples) and self._most_last:
            parts = [samples] if self._last is None else [self._last, samples]
            self._last = Samples.join(parts)[-self._most_last :]

    def excerpt(self) -> Excerpt | None:
        """Return what was kept of all samples so far; None if no row is to be kept."""
        if not self._first:
            return None
        first, last = Samples.join(self._first), self._last
        return Excerpt(first, self._n - len(first) - (len(last) if last else 0), last)

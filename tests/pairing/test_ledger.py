"""What is kept of all rows: hashes, read again in any order, and where the rows stand."""

import numpy as np
import pytest

from lossctl.pairing import ledger
from lossctl.pairing.ledger import Ledger
from lossctl.tables.place import ByNumber, Place


def place(start: int) -> Place:
    return Place(ByNumber("t", start))


def hashes(start: int, stop: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.arange(start, stop, dtype=np.uint64)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Ledger:
    monkeypatch.setattr(ledger, "_CHUNK", 3)
    kept = Ledger(2)
    for start, stop in ((0, 4), (4, 5), (5, 11)):
        kept.add(place(start), hashes(start, stop), hashes(start + 100, stop + 100))
    return kept


def test_all_that_was_written_is_there_in_its_order(written: Ledger) -> None:
    assert written.count == 11
    assert written.all().tolist() == list(range(11))
    read = [(start, *(part.tolist() for part in parts)) for start, parts in written.chunks(2)]
    assert read[0] == (0, [0, 1, 2], [100, 101, 102])
    assert read[-1] == (9, [9, 10], [109, 110])


def test_what_is_added_after_it_was_read_comes_last(written: Ledger) -> None:
    assert written.first_row(np.uint64(1)) == 1
    written.add(place(11), hashes(11, 13), hashes(111, 113))
    assert written.all().tolist() == list(range(13))


def test_where_a_row_stands(written: Ledger) -> None:
    assert [str(written.spot(row)) for row in (0, 4, 10)] == ["t: row 1", "t: row 5", "t: row 11"]


def test_a_copy_has_places_of_its_own(written: Ledger) -> None:
    copy = written.copied([place(start) for start in (50, 54, 55)])
    assert copy.all().tolist() == list(range(11))
    assert str(copy.spot(4)) == "t: row 55"
    copy.add(place(61), hashes(11, 12), hashes(111, 112))
    assert (copy.count, written.count) == (12, 11)


def test_nothing_was_written() -> None:
    assert Ledger(1).all().tolist() == []

"""What names of columns mean, once a start or an end that all of them have is cut off.

`p_cat` and `p_dog` mean cat and dog, and so do `prob(cat)` and `prob(dog)`. A cut falls only where
one part of a name ends: at a separator or a bracket, and where letters and digits, or lower and
upper case, meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from lossctl.base.wording import argument
from lossctl.tables.cells import counts_up, label_text

Names = tuple[str, ...]
_SHOWN = 10
"""Classes that an option of a hint spells out."""
_LONGEST = 200
"""Characters of a name that anything is cut off of: there are as many cuts as parts, squared."""


def cuts(names: Names) -> Iterator[tuple[int, Names]]:
    """Yield how many characters each cut takes off, and what it leaves of the names.

    The shortest cut comes first, which takes nothing off. What is left is never empty. Of very long
    names nothing is cut off.
    """
    starts, ends = [0], [0]
    if max(map(len, names), default=0) <= _LONGEST:
        starts, ends = _starts(names), _ends(names)
    shortest = min(map(len, names), default=0)
    lengths = sorted((start + end, start, end) for start in starts for end in ends)
    for length, start, end in lengths:
        if length < shortest or not length:
            yield length, tuple(name[start : len(name) - end] for name in names)


def _starts(names: Names) -> list[int]:
    """Return how many characters may be cut off the start of all names; none among them."""
    common = _common(names)
    inside = [i for i in range(1, len(common)) if _ends_a_part(common, i)]
    whole = [len(common)] if common and all(_ends_a_part(n, len(common)) for n in names) else []
    return [0, *inside, *whole]


def _ends(names: Names) -> list[int]:
    """Return how many characters may be cut off the end of all names; none among them."""
    common = _common(tuple(name[::-1] for name in names))[::-1]
    inside = [i for i in range(1, len(common)) if _starts_a_part(common, i)]
    size = len(common)
    whole = size and all(_starts_a_part(name, len(name) - size) for name in names)
    return [0, *(size - i for i in inside), *([size] if whole else [])]


def _common(names: Names) -> str:
    """Return what all names start with; that of one name alone is nothing."""
    if len(names) < 2:
        return ""
    least, most = min(names), max(names)  # what these share, all names between them do
    same = takewhile(lambda pair: pair[0] == pair[1], zip(least, most, strict=False))
    return "".join(char for char, _ in same)


def _ends_a_part(name: str, end: int) -> bool:
    """Return whether what stands before this index may be cut off."""
    return 0 < end < len(name) and (not name[end - 1].isalnum() or _meet(name[end - 1 : end + 1]))


def _starts_a_part(name: str, start: int) -> bool:
    """Return whether what stands from this index on may be cut off."""
    return 0 < start < len(name) and (
        not name[start].isalnum() or _meet(name[start - 1 : start + 1])
    )


def _meet(pair: str) -> bool:
    """Return whether letters and digits, or lower and upper case, meet between two characters."""
    one, other = pair[0], pair[1]
    if one.islower() and other.isupper():
        return True
    return one.isalnum() and other.isalnum() and one.isdigit() != other.isdigit()


def as_labels(names: Names) -> Names:
    """Return names as labels are compared, 1 for 1.0 and 01, unless two become one."""
    texts = tuple(map(label_text, names))
    return texts if len(set(texts)) == len(names) else names


def meanings(names: Names) -> Iterator[Names]:
    """Yield what the names may mean as labels, the shortest cut first."""
    for _, cut in cuts(names):
        yield cut
        if (labels := as_labels(cut)) != cut:
            yield labels
        if sorted(name.lower() for name in cut) == ["false", "true"]:
            yield tuple(str(int(name.lower() == "true")) for name in cut)


def count_in_order(names: Sequence[str]) -> bool:
    """Return whether the names only count, 0 to k-1 or 1 to k: p0 and p1, or V1 and V2."""
    return any(counts_up(cut) for _, cut in cuts(tuple(names)))


def are_other_numbers(names: Names) -> bool:
    """Return whether the names are whole numbers, but not the indices 0 to k-1: 1 to k, as a rule.

    Labels that are numbers may mean the names then, or the indices.
    """
    numbers = set(map(label_text, names))
    return all(map(str.isdecimal, numbers)) and numbers != set(map(str, range(len(names))))


def naming(names: Iterable[object]) -> str:
    """Return the option that calls classes so: --classes 0,1,2."""
    shown = list(map(str, names))
    if len(shown) > _SHOWN:
        shown = [*shown[:3], "...", shown[-1]]
    return f"--classes {argument(','.join(shown))}"


def count_from_1(classes: int) -> str:
    """Return the way out for labels that may be the numbers of so many classes from 1."""
    named = naming(range(1, classes + 1))
    return f"labels count from 0; if these count from 1, name the classes: {named}"

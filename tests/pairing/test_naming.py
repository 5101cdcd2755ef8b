"""What names mean once a common start and a common end are cut off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossctl.pairing.naming import are_other_numbers, count_in_order, cuts, naming

LEFT = {
    "separator": (("p_cat", "p_dog"), [("p_cat", "p_dog"), ("cat", "dog")]),
    "digits": (("p1", "p2"), [("p1", "p2"), ("1", "2")]),
    "bracket": (("p(a)", "p(b)"), [("p(a)", "p(b)"), ("p(a", "p(b"), ("a)", "b)"), ("a", "b")]),
    "case": (("probCat", "probDog"), [("probCat", "probDog"), ("Cat", "Dog")]),
    "end": (("cat_p", "dog_p"), [("cat_p", "dog_p"), ("cat", "dog")]),
    "within-a-word": (("catfish", "catnip"), [("catfish", "catnip")]),
    "within-a-number": (("10", "11"), [("10", "11")]),
    "two-digits": (("p10", "p11"), [("p10", "p11"), ("10", "11")]),
    "nothing-would-be-left": (("p_", "p_a"), [("p_", "p_a")]),
    "one-name": (("p_cat",), [("p_cat",)]),
    "words-of-a-start": (
        ("p_class_0", "p_class_1"),
        [("p_class_0", "p_class_1"), ("class_0", "class_1"), ("0", "1")],
    ),
}


@pytest.mark.parametrize(("names", "left"), LEFT.values(), ids=LEFT)
def test_a_cut_falls_only_where_a_part_ends(
    names: tuple[str, ...], left: list[tuple[str, ...]]
) -> None:
    assert [cut for _, cut in cuts(names)] == left


@given(st.lists(st.text("aB1_( ", max_size=6), min_size=2, max_size=4, unique=True))
def test_cuts_take_off_the_same_of_all_names_and_leave_them_different(names: list[str]) -> None:
    found = list(cuts(tuple(names)))
    assert found[0] == (0, tuple(names))
    assert [length for length, _ in found] == sorted(length for length, _ in found)
    for length, cut in found:
        assert len(set(cut)) == len(names)
        assert {len(name) - len(left) for name, left in zip(names, cut, strict=True)} == {length}
        starts = {name[: name.index(left)] for name, left in zip(names, cut, strict=True) if left}
        assert length == 0 or all(cut)
        assert len(starts) <= len(names)


COUNTING = [("0", "1"), ("1", "2", "3"), ("V1", "V2"), ("p0", "p1"), ("x_0_hat", "x_1_hat")]
NAMING = [("1", "0"), ("2", "3"), ("V2", "V1"), ("a", "b"), ("p0", "p2"), ("1", "x")]


@pytest.mark.parametrize("names", COUNTING, ids=",".join)
def test_names_that_count_in_order(names: tuple[str, ...]) -> None:
    assert count_in_order(names)


@pytest.mark.parametrize("names", NAMING, ids=",".join)
def test_names_that_do_not_only_count(names: tuple[str, ...]) -> None:
    assert not count_in_order(names)


def test_names_that_are_numbers_but_not_indices() -> None:
    assert are_other_numbers(("1", "2"))
    assert are_other_numbers(("2", "1"))
    assert are_other_numbers(("1.0", "3.0", "5.0"))
    assert not are_other_numbers(("0", "1"))
    assert not are_other_numbers(("1", "0"))
    assert not are_other_numbers(("a", "1"))
    assert not are_other_numbers(())


def test_an_option_that_names_classes_by_numbers() -> None:
    assert naming(range(3)) == "--classes 0,1,2"
    assert naming(range(1, 12)) == "--classes 1,2,3,...,11"

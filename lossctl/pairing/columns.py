"""What is read of two tables, or of one: which columns, paired how, meaning what."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from lossctl.base.decimals import is_number
from lossctl.base.errors import UsageError
from lossctl.base.warnings import Caution
from lossctl.base.wording import listed, quoted
from lossctl.pairing.by_name import (
    called_otherwise,
    class_names,
    counting_otherwise,
    paired_by_name,
    telling,
)
from lossctl.pairing.chosen import Tables, chosen, columns_beside
from lossctl.pairing.event_names import named_by_other_label, names_of_values
from lossctl.pairing.events import (
    event_of,
    label_called,
    label_for_number,
    labels_of_event,
    predicted_label,
    refuse_positive_first,
    unnamed_event,
)
from lossctl.pairing.first_rows import header_first
from lossctl.pairing.labels import Ignoring, first_cells, labels_of, labels_seen, may_be_labels
from lossctl.pairing.naming import Names
from lossctl.pairing.no_components import refuse_no_classes
from lossctl.pairing.of_words import called, fractions, is_word, naming_columns
from lossctl.pairing.probabilities import require_classes
from lossctl.pairing.request import Request
from lossctl.pairing.several_models import refuse_events
from lossctl.pairing.unread import unread_ids
from lossctl.pairing.warnings import (
    ColumnsReordered,
    CommasInDoubt,
    MayBeIndices,
    OfPredictedClass,
)
from lossctl.pairing.way_to_name import refuse_slip
from lossctl.tables.cells import Meaning, boolean, is_boolean, is_missing
from lossctl.tables.table import Selection, Table

_SHOWN = 10


class Columns(NamedTuple):
    """What is read of both tables, or of the one."""

    predictions: Selection
    targets: Selection
    labels: str | None
    """What the targets are where they are one column of class labels, read as indices: names or
    indices of classes; None for rows."""
    warnings: tuple[Caution, ...] = ()
    """What is odd about how the columns are read."""
    unused_id: tuple[str, str] | None = None
    """What a column that looks like an id, by which the rows were not paired, is called in each."""
    in_another_order: bool = False
    """The first rows of both have the same ids there, but in another order."""
    ids_agree: bool = False
    """Those ids certainly stand in one order."""
    names: Names | None = None
    """What the components are called: as the columns of the predictions or those of the targets; as
    classes, where there are labels."""
    of_event: Names | None = None
    """The labels that targets of 0 and 1 stand for, where they are labels of an event."""
    header_first: str = ""
    """What is to be said before classes are named."""
    way_to_name: str | None = None
    """The way out, where labels that were to be indices are as many other numbers."""
    ignoring: bool = False
    """A label leaves its sample out, as a missing value may."""

    @property
    def may_be_missing(self) -> bool:
        """Whether a value may be NaN, so that its sample is left out."""
        return self.ignoring or self.targets.skip


def settle(predictions: Table, targets: Table, request: Request) -> Columns:
    """Return which columns are what; where both are in one table, it is given twice.

    Raises UsageError for options that do not fit the tables, and DataError where the tables
    cannot be paired with certainty.
    """
    tables = predictions, targets
    besides = columns_beside(tables, request.beside)
    values, target_columns = chosen(tables, request, besides)
    names = class_names(predictions, values, request.classes)
    require_classes(tables, (values, target_columns), request)
    warnings = list(_doubts(tables, (values, target_columns), request))
    if len(target_columns) == 1 and len(values) > 1:
        both = values, target_columns[0]
        words, labels, names, way = _labels(tables, both, names, request, warnings)
    else:
        ordered = _ordered(tables, (values, target_columns), names, request)
        if list(ordered) != list(target_columns):
            warnings.append(ColumnsReordered(targets=targets.name))
        elif not request.by_position:
            warnings.extend(counting_otherwise(tables, names, ordered))
        labels, target_columns, way = None, ordered, None
        words = _words(tables, values, ordered, request)
        warnings.extend(named_by_other_label(tables, (values, ordered), words, request))
        names = request.classes or telling(names, targets, ordered)
    unused = unread_ids(tables, (values, target_columns), request, warnings)
    return Columns(
        Selection(values, {}, besides[0], request.skip, request.minus_infinity(len(values))),
        Selection(target_columns, words, besides[1], request.skip),
        labels,
        tuple(warnings),
        unused and unused.names,
        unused is not None and unused.in_another_order,
        unused is not None and unused.agree,
        names,
        None if labels else labels_of_event(words),
        header_first(*tables) if labels else "",
        way,
        request.ignore_label is not None,
    )


def _doubts(
    tables: Tables, columns: tuple[Sequence[int], Sequence[int]], request: Request
) -> Iterator[Caution]:
    """Yield what may be something else than it is read as."""
    predictions, targets = tables
    if predictions is not targets and all(table.commas_in_doubt() for table in tables):
        yield CommasInDoubt(predictions=predictions.name, targets=targets.name)
    yield from called_otherwise(tables, columns)
    if request.of_events and len(columns[0]) == 1:
        read = {*columns[0], *(columns[1] if predictions is targets else ())}
        if label := predicted_label(predictions, columns[0][0], read):
            yield OfPredictedClass(predictions=predictions.name, label=label)


def _ordered(
    tables: Tables,
    columns: tuple[Sequence[int], Sequence[int]],
    names: Names | None,
    request: Request,
) -> Sequence[int]:
    """Return the targets' columns in the order of the predictions', of which there are as many."""
    values, there = columns
    said = () if tables[1].columns is None else [tables[1].columns[index] for index in there]
    _refuse_no_classes(tables, values, request, said)
    if len(values) != len(there):
        from lossctl.pairing.counts import wrong_counts

        raise wrong_counts(tables, columns, request, may_be_labels=request.of_probabilities)
    if request.by_position:
        return there
    each_named = (len(request.pred_cols), len(request.target_cols)) == (len(values), len(there))
    return paired_by_name(tables, names, there, each_named)


def _labels(
    tables: Tables,
    columns: tuple[Sequence[int], int],
    names: Names | None,
    request: Request,
    warnings: list[Caution],
) -> tuple[dict[int, Meaning], str, Names | None, str | None]:
    """Return what the words of a column of class labels mean, whether they are names, and which.

    The way out, if they are neither names nor indices, is the last.
    """
    targets = tables[1]
    values, column = columns
    _refuse_pos_label(tables[0], values, request)
    seen = labels_seen(targets, [column], request.ignore_label)
    _refuse_no_classes(tables, values, request, seen)
    if request.classes:
        refuse_slip(request.classes, seen, targets.name)
    labels = labels_of(tables, column, seen, names, len(values))
    if labels.meaning is None and names is not None and len(names) == 2 and not request.classes:
        refuse_positive_first(names, tables[0].name)
    if labels.in_doubt and not request.classes:
        warnings.append(MayBeIndices(targets=targets.name, classes=len(values)))
    if labels.meaning is None and not request.classes and request.of_any_values:
        if not request.of_probabilities and not may_be_labels(seen, len(values)):
            from lossctl.pairing.counts import wrong_counts

            raise wrong_counts(tables, (values, [column]), request, may_be_labels=False)
        refuse_events(tables[0], values, seen)
    meaning = labels.meaning
    if meaning is None and column in targets.text_columns:
        meaning = targets.number(column)
    if request.ignore_label is not None:
        meaning = Ignoring(meaning or targets.number(column), request.ignore_label)
    words = {} if meaning is None else {column: meaning}
    kind = "indices" if labels.meaning is None else "names"
    return words, kind, labels.names or names, labels.way


def _refuse_pos_label(table: Table, values: Sequence[int], request: Request) -> None:
    """Raise UsageError for a positive label of several columns, which are classes.

    Where one alone is no whole numbers, the others are no probabilities, but an id or a label.
    """
    if request.pos_label is None:
        return
    names = called(table, values)
    there = f"{len(values)}: {listed(map(quoted, names), _SHOWN)}" if table.columns else len(values)
    fractional = [index for index in values[:_SHOWN] if any(fractions(table, [index]))]
    way = naming_columns("--pred-cols", called(table, fractional))
    hint = f"if the only one that is no whole numbers is meant: {way}"
    if len(fractional) != 1 or len(values) > _SHOWN:
        hint = (
            "say which one is the probability of the positive label with --pred-cols, or leave "
            "--pos-label out: labels go by the names of the columns, which --classes can give"
        )
    raise UsageError(f"--pos-label is for one column of predictions, but there are {there}", hint)


def _words(
    tables: Tables, values: Sequence[int], columns: Sequence[int], request: Request
) -> dict[int, Meaning]:
    """Return what the cells of those target columns mean that are not numbers."""
    predictions, targets = tables
    ignored = request.ignore_label
    if ignored is not None and len(columns) > 1:
        raise UsageError(
            f"--ignore-label is for one column of targets, but there are {len(columns)}"
        )
    called = names_of_values(predictions, values)
    if request.pos_label is not None:
        seen = labels_seen(targets, columns, ignored)
        event = event_of(request.pos_label, request.neg_label, seen)
        words: dict[int, Meaning] = dict.fromkeys(columns, event)
    else:
        words = _words_unasked(tables, called, len(values), columns, request)
    if ignored is not None:
        words = {
            index: Ignoring(words.get(index, targets.number(index)), ignored) for index in columns
        }
    return words


def _words_unasked(
    tables: Tables, called: Sequence[str], width: int, columns: Sequence[int], request: Request
) -> dict[int, Meaning]:
    """Return what true and false mean, and that other words ask what they are.

    `called` is what the columns of the predictions, `width` of them, are called.
    """
    targets = tables[1]
    alone = called[0] if len(called) == 1 else None
    firsts = first_cells(targets, columns, request.skip)
    if request.ignore_label is not None:
        firsts = labels_seen(targets, columns, request.ignore_label)[:1] or firsts
    words: dict[int, Meaning] = {}
    asking: list[int] = []
    for index, first in zip(columns, firsts, strict=True):
        if is_boolean(first):
            words[index] = boolean
        elif request.of_probabilities and not (is_number(first) or is_missing(first)):
            asking.append(index)
        elif is_word(first):
            words[index] = partial(label_for_number, request.losses[0].name, width == 1)
    if asking:
        seen = labels_seen(targets, columns, request.ignore_label)
        event = None if alone is None else label_called(alone, seen)
        of_events = len(columns) == 1 or len(seen) <= 2  # else an id stands beside the labels
        labels = tuple(seen[:2]) if of_events else ()
        words |= dict.fromkeys(asking, partial(unnamed_event, event, labels))
    return words


def _refuse_no_classes(
    tables: Tables, values: Sequence[int], request: Request, said: Iterable[str]
) -> None:
    """Raise DataError for what is no class among the columns of probabilities.

    `said` are names that the targets say are those of classes.
    """
    if request.of_probabilities:
        stated = {*request.classes, *request.pred_cols}
        refuse_no_classes(tables[0], values, stated, tuple(said))

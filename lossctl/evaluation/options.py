"""What to evaluate and how: the options of `lossctl eval` and of `lossctl.evaluate`."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

from lossctl.base.errors import UsageError
from lossctl.base.wording import choose, quoted
from lossctl.engines import DEFAULT, ENGINES
from lossctl.losses import LOSSES, SCALES, losses_of, split_losses
from lossctl.losses.loss import BoundLoss
from lossctl.pairing.labels import same_label
from lossctl.pairing.outlook import FIRST, KEEP
from lossctl.pairing.request import ALIGN, IGNORE, Request
from lossctl.tables.formats import FORMATS
from lossctl.tables.table import TableOptions
from lossctl.tables.text.dialect import parse_delimiter


class Asked(NamedTuple):
    """What options ask for, as those have it that do it."""

    losses: dict[str, BoundLoss]
    """By their names."""
    request: Request
    tables: tuple[TableOptions, TableOptions]
    """How to read predictions and targets."""


class Options(NamedTuple):
    """What to evaluate and how; None means: the default, or recognise it.

    What is a text of names with commas between them may be any iterable of names, too.
    """

    loss: str | Iterable[str] = "ce"
    from_: str = "probs"
    """What predictions of probabilities are given as: probs, logits or log-probs."""
    classes: str | Iterable[str] = ()
    """Names of the prediction columns, in their order, in the place of those in the file."""
    pos_label: str | float | None = None
    """The label of the event whose probability is predicted."""
    neg_label: str | float | None = None
    """The other one; None means: the first other label."""
    ignore_label: str | float | None = None
    """The label of samples that are left out, such as padding."""
    columns: str = "name"
    """How columns that both tables name are paired: by name or by position."""
    pred_cols: str | Iterable[str] = ()
    """Names or patterns of the prediction columns."""
    target_col: str | Iterable[str] = ()
    """Names or patterns of the target columns."""
    id: str | None = None
    """The column, in both tables, by which rows are paired."""
    index: str | None = None  # type: ignore[assignment]  # no tuple's method is missed
    """What the indexes of two data frames are for: align pairs rows by their labels, ignore leaves
    them unseen. None compares them where rows are paired by position."""
    missing: str = "strict"
    """What becomes of ids without a partner: strict refuses them, present leaves them out."""
    missing_shards: str = "strict"
    """What becomes of gaps in the numbers of shards: strict refuses them, present admits them."""
    repeated_ids: str | None = None
    """What becomes of samples that are there twice: keep evaluates them again, first leaves
    repetitions out. None refuses them."""
    nan: str = "error"
    """What a missing value does: error, or skip leaves its sample out."""
    format_in: str | Iterable[str] = ()
    """The name of the input format, or of that of predictions and of that of targets."""
    key: str | None = None
    """The name of an array in an NPZ file, or of a sheet in a workbook."""
    delimiter: str | None = None
    decimal: str = "."
    targets_decimal: str | None = None
    """The decimal point of the targets; None means: as the predictions'."""
    header: bool | None = None
    targets_header: bool | None = None
    """Whether the targets have a header; None means: as the predictions."""
    comment: str | None = None
    """What a line above the first row starts with to be passed over."""
    encoding: str | None = None
    unlimited: bool = False
    """Whether everything is decompressed, however much comes out."""
    sum_tolerance: float | None = None
    worst: int = 0
    hashes: bool = False
    """Take the SHA-256 of the files, too."""
    jobs: int | None = None
    engine: str = DEFAULT
    """Where blocks are evaluated: a name of `lossctl.engines.ENGINES`."""
    block_rows: int | None = None

    def asked(self) -> Asked:
        """Return what is asked for; raise UsageError for what cannot be."""
        losses = self.losses()
        return Asked(losses, self.request(losses.values()), self.tables())

    @property
    def paired_by(self) -> str:
        """What rows are paired by: position, id or index."""
        if self.id is not None:
            return "id"
        return "index" if self.index == ALIGN else "position"

    def losses(self) -> dict[str, BoundLoss]:
        """Return the losses by their names, each once; raise UsageError for what is none."""
        if isinstance(self.loss, str):
            texts = split_losses(self.loss) if self.loss else []
        else:
            texts = list(self.loss)
        _require("--from", self.from_, SCALES)
        if not texts:
            raise UsageError("no loss was asked for", f"--loss is one of: {', '.join(LOSSES)}")
        return losses_of(texts, self.from_)

    def request(self, losses: Iterable[BoundLoss]) -> Request:
        """Return what is said of the columns; raise UsageError for what cannot be."""
        _require("--missing", self.missing, ("strict", "present"))
        _require("--nan", self.nan, ("error", "skip"))
        for option, value, known in (
            ("--index", self.index, (ALIGN, IGNORE)),
            ("--repeated-ids", self.repeated_ids, (KEEP, FIRST)),
        ):
            if value is not None:
                _require(option, value, known)
        if self.index == ALIGN and self.id is not None:
            raise UsageError("--index align and --id are two ways to pair rows: choose one")
        if self.missing == "present" and self.paired_by == "position":
            raise UsageError("--missing present needs --id: rows without ids have no partners")
        _require("--columns", self.columns, ("name", "position"))
        if self.neg_label is not None and self.pos_label is None:
            raise UsageError("--neg-label needs --pos-label: which label is predicted?")
        positive, negative, ignored = self._labels()
        return Request(
            losses=tuple(losses),
            classes=_names(self.classes),
            pred_cols=_names(self.pred_cols),
            target_cols=_names(self.target_col),
            beside={} if self.id is None else {"id": self.id},
            skip=self.nan == "skip",
            by_index=self.index,
            repeated=self.repeated_ids,
            by_position=self.columns == "position",
            pos_label=positive,
            neg_label=negative,
            ignore_label=ignored,
        )

    def _labels(self) -> list[str | None]:
        """Return the positive, the negative and the ignored label, as text."""
        given = {
            "--pos-label": self.pos_label,
            "--neg-label": self.neg_label,
            "--ignore-label": self.ignore_label,
        }
        labels = {name: str(label) for name, label in given.items() if label is not None}
        for (name, label), (other, another) in combinations(labels.items(), 2):
            if same_label(label, another):
                raise UsageError(f"{name} and {other} are one label: {quoted(label)}")
        return [labels.get(name) for name in given]

    def tables(self) -> tuple[TableOptions, TableOptions]:
        """Return how to read predictions and targets; raise UsageError for what cannot be."""
        self._check_work()
        _require("--missing-shards", self.missing_shards, ("strict", "present"))
        formats = _names(self.format_in)
        for name in formats:
            _require("--format-in", name, FORMATS)
        if len(formats) > 2:
            raise UsageError("--format-in names one format, or that of predictions and of targets")
        delimiter = None if self.delimiter is None else parse_delimiter(self.delimiter)
        targets_decimal = self.targets_decimal or self.decimal
        for option, point in (("decimal", self.decimal), ("targets-decimal", targets_decimal)):
            if point not in (".", ",") or point == delimiter:
                raise UsageError(f"--{option} is . or , and not the delimiter")
        if self.comment == "":
            raise UsageError("--comment '': what do the lines to pass over start with?")
        predictions = TableOptions(
            format=formats[0] if formats else None,
            delimiter=delimiter,
            header=self.header,
            comment=self.comment,
            decimal=self.decimal,
            encoding=_encoding(self.encoding),
            key=self.key,
            limited=not self.unlimited,
            hashed=self.hashes,
            missing_shards=self.missing_shards,
        )
        header = self.header if self.targets_header is None else self.targets_header
        targets = predictions._replace(
            format=formats[-1] if formats else None, header=header, decimal=targets_decimal
        )
        return predictions, targets

    def _check_work(self) -> None:
        for name, value, least in (
            ("worst", self.worst, 0),
            ("jobs", self.jobs, 1),
            ("block_rows", self.block_rows, 1),
        ):
            if value is not None and (not isinstance(value, int) or value < least):
                raise UsageError(f"{name} is {value}, but must be a whole number from {least} on")
        if self.engine not in ENGINES:
            raise UsageError(*choose("engine", self.engine, ENGINES))


def _names(given: object) -> tuple[str, ...]:
    """Return names in their order, of a text those between its commas; numbers are names, too."""
    if not isinstance(given, str):
        return tuple(map(str, given)) if isinstance(given, Iterable) else (str(given),)
    return tuple(name.strip() for name in given.split(",")) if given else ()


def _require(option: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise UsageError(f"{option} {quoted(name)}: one of {', '.join(known)}")


def _encoding(name: str | None) -> str | None:
    if name is None:
        return None
    from lossctl.tables.streams.transcoding import check_encoding

    return check_encoding(name)

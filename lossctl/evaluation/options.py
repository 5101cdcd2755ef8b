"""What to evaluate and how: the options of `lossctl eval` and of `lossctl.evaluate`."""

from collections.abc import Collection, Iterable
from itertools import combinations
from typing import NamedTuple

from lossctl.base.errors import UsageError
from lossctl.base.wording import choose, either, nearest_ones, quoted
from lossctl.engines import DEFAULT, ENGINES
from lossctl.losses import LOSSES, SCALES, losses_of, split_losses
from lossctl.losses.loss import BoundLoss
from lossctl.pairing.labels import same_label
from lossctl.pairing.outlook import FIRST, KEEP
from lossctl.pairing.request import ALIGN, IGNORE, Request
from lossctl.tables.formats import FORMATS
from lossctl.tables.table import PRESENT, STRICT, TableOptions
from lossctl.tables.text.dialect import parse_delimiter

POLICIES = {
    "--columns": ("name", "position"),
    "--index": (ALIGN, IGNORE),
    "--missing": (STRICT, PRESENT),
    "--missing-shards": (STRICT, PRESENT),
    "--repeated-ids": (KEEP, FIRST),
    "--nan": ("error", "skip"),
}
"""What options take that say what becomes of something."""


_LENIENT = {
    "--missing": PRESENT,
    "--missing-shards": PRESENT,
    "--repeated-ids": FIRST,
    "--nan": "skip",
}
"""What these take to leave something out,"""
_LEAVE_OUT = ("skip", "drop", "ignore", "omit", "exclude")
"""and how others call that."""


def option_of(field: str) -> str:
    """Return what the command line calls an option, without the dashes, that Python has so."""
    return field.strip("_").replace("_", "-")


class Asked(NamedTuple):
    """What options ask for, as those have it that do it."""

    losses: dict[str, BoundLoss]
    """By their names."""
    request: Request
    tables: tuple[TableOptions, TableOptions]
    """How to read predictions and targets."""


class Options(NamedTuple):
    """What to evaluate and how: the keywords of `lossctl.evaluate`, which says what each means.

    What is a text of names with commas between them may be any iterable of names, too.
    """

    loss: str | Iterable[str]
    from_: str = "probs"
    classes: str | Iterable[str] = ()
    pos_label: str | float | None = None
    neg_label: str | float | None = None
    ignore_label: str | float | None = None
    columns: str = "name"
    pred_cols: str | Iterable[str] = ()
    target_col: str | Iterable[str] = ()
    id: str | None = None
    index: str | None = None  # type: ignore[assignment]  # no tuple's method is missed
    missing: str = STRICT
    missing_shards: str = STRICT
    repeated_ids: str | None = None
    nan: str = "error"
    format_in: str | Iterable[str] = ()
    key: str | None = None
    delimiter: str | None = None
    decimal: str = "."
    targets_decimal: str | None = None
    header: bool | None = None
    targets_header: bool | None = None
    comment: str | None = None
    encoding: str | None = None
    unlimited: bool = False
    sum_tolerance: float | None = None
    worst: int = 0
    hashes: bool = False
    jobs: int | None = None
    engine: str = DEFAULT
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
        for option, known in POLICIES.items():
            value = getattr(self, option.removeprefix("--").replace("-", "_"))
            if value is not None:
                _require(option, value, known)
        if self.index == ALIGN and self.id is not None:
            raise UsageError("--index align and --id are two ways to pair rows: choose one")
        if self.missing == PRESENT and self.paired_by == "position":
            raise UsageError(
                "--missing present needs --id or --index align: rows without ids have no partners"
            )
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
            if value is not None and value < least:
                raise UsageError(f"{name} is {value}, but must be a whole number from {least} on")
        if self.engine not in ENGINES:
            raise UsageError(*choose("engine", self.engine, ENGINES))


def _names(given: object) -> tuple[str, ...]:
    """Return names in their order, of a text those between its commas; numbers are names, too."""
    if not isinstance(given, str):
        return tuple(map(str, given)) if isinstance(given, Iterable) else (str(given),)
    return tuple(name.strip() for name in given.split(",")) if given else ()


def _require(option: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        meant = nearest_ones(name, known)
        if not meant and name in _LEAVE_OUT and option in _LENIENT:
            meant = [_LENIENT[option]]
        hint = f"did you mean {either(meant)}?" if meant else None
        raise UsageError(f"{option} {quoted(name)}: one of {', '.join(known)}", hint)


def _encoding(name: str | None) -> str | None:
    if name is None:
        return None
    from lossctl.tables.streams.transcoding import check_encoding

    return check_encoding(name)

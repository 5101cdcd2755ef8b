"""Baselines: the numbers of an earlier report of `eval`, or of the ratchet file of `check`."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable
from decimal import Decimal
from functools import cached_property, partial
from typing import Any, BinaryIO, NoReturn

from lossctl.base.errors import DataError, ResourceError
from lossctl.base.wording import listed, quoted, visible
from lossctl.gate.entries import Entry, Written, entry_of
from lossctl.gate.judgement import Reference
from lossctl.gate.outdated import Outdated, Redefined
from lossctl.gate.samples import Taken
from lossctl.gate.targets import Targets
from lossctl.results.report import SCHEMA as REPORT_SCHEMA
from lossctl.results.report import LossResult, Report
from lossctl.results.signature import differences

FILE = "lossctl-baseline.json"
"""The file that `check` writes is called so, unless it is named."""
SCHEMA = 1
"""The file that `check` writes has this schema."""
_MOST = 1 << 26
"""No baseline has more bytes."""
DAMAGED = "restore it from version control, or delete it and write it anew with --update-baseline"
"""This is the way out where a baseline is damaged."""
RIGHT_FILE = "is it the right file? --update-baseline writes one, and so does eval --format json"
"""This is the way out where a file is something else, and no baseline at all."""
_MOST_NAMES = 5
"""No more checks that it has are named."""
_TAKE = "to take today's number"
"""An update does so."""
_CONFLICT = b"<<<<<<< "
"""A line begins so where git has merged what contradicts."""


class Baseline:
    """A file of numbers to compare with, read when it is first asked for one.

    Whatever is wrong with it raises: ResourceError where it cannot be read, DataError where it is
    no baseline, lacks the number, or holds one that was defined otherwise.
    """

    def __init__(self, path: str, asked: Collection[str] = ()) -> None:
        self.path = path
        self.asked = asked
        """These checks are asked for; others that it has are stale, or have a new name."""
        self.name = visible(path) or "''"

    def reference_of(
        self, check: str, read: Targets | None = None, *, is_update: bool = False
    ) -> Reference:
        """Return what gives the Loss(W) to compare a result of this check with.

        Of the same files as those that were `read` the baseline has the same number. That is no
        error where it is to be updated, and one that is equal is no higher, however it is defined.
        """
        return partial(self._reference, check, read, is_update)

    def _reference(
        self, check: str, read: Targets | None, is_update: bool, result: LossResult
    ) -> Decimal:
        entry = self.entries(check).get(result.loss)
        if entry is None:
            if self.is_report:
                raise DataError(f"{self.name} has no {result.loss}", "evaluate it there, too")
            raise self._lacking(result.loss, check)
        is_same = read is not None and entry.is_of_inputs and read.is_as(self.targets(check))
        different = [
            f"{name} is {_said(here)} here, {_said(there)} there"
            for name, (here, there) in differences(result.signature, entry.signature).items()
        ]
        if different and not (is_same and is_update and entry.is_near(result)):
            raise self._redefined(check, result, different, is_same and entry.is_near(result))
        contradiction = entry.contradiction(result) if is_same and not is_update else None
        if contradiction is not None:
            whose = f"{self.name}: its {result.loss} of check {quoted(check)}"
            kind = Redefined if Decimal(repr(result.mean)) > entry.mean else Outdated
            error = kind(f"{whose} {contradiction}: was it changed by hand?", _TAKE)
            error.known = (
                "restore it from version control, or see whether the options are others now"
            )
            raise error
        return entry.mean

    def _redefined(
        self, check: str, result: LossResult, different: list[str], is_equal: bool
    ) -> DataError:
        """Return the error that a number is defined in another way, though it may be equal."""
        text = f"was computed in another way: {'; '.join(different)}"
        if self.is_report:
            hint = "evaluate as it was done there, or make it anew"
            return DataError(f"{self.name}: its {result.loss} {text}", hint)
        whose = f"{self.name}: its {result.loss} of check {quoted(check)}"
        if is_equal:
            return Outdated(f"{whose} {text}; the number is the same", "to take it as it is now")
        return Redefined(f"{whose} {text}", _TAKE)

    def _lacking(self, loss: str, check: str) -> Outdated:
        """Return the error that it has no number of a loss for a check, and what it has."""
        message = f"{self.name} has no {loss} of check {quoted(check)}"
        error = Outdated(message, "to add today's number")
        of = [(name, ", ".join(losses)) for name, losses in self._tables.items() if losses]
        there = listed((f"{losses} of {quoted(name)}" for name, losses in of), _MOST_NAMES)
        error.known = f"it has: {there or 'nothing'}"
        error.alike = tuple(name for name, losses in self._tables.items() if loss in losses)
        return error

    def taken(self, check: str, report: Report) -> Taken | None:
        """Return of how many samples its numbers for a check are; None where it has none.

        Where these are several, it is the most that there are more of than the report has, or else
        the fewest of the losses that the report has. Of these are also the fewest left out, where
        they are of the same definition.
        """
        entries = self.entries(check)
        asked = {loss: entry for loss, entry in entries.items() if loss in report.losses}
        most = max((entry.n for entry in entries.values()), default=0)
        if most <= report.n:
            most = min((entry.n for entry in asked.values()), default=0)
        left_out = [
            entry.left_out
            for loss, entry in asked.items()
            if not differences(report.losses[loss].signature, entry.signature)
        ]
        return Taken(most, min(left_out, default=None)) if most else None

    @cached_property
    def exists(self) -> bool:
        """Whether there was a file when this was first asked."""
        return os.path.lexists(self.path)

    @property
    def is_report(self) -> bool:
        """Whether it is a report of `eval`, which has no checks."""
        return "checks" not in self.content

    @property
    def predictions(self) -> str | None:
        """The path of the predictions that a report says it is of; None where it does not."""
        told = self.content.get("predictions")
        path = told.get("path") if isinstance(told, dict) else None
        return path if isinstance(path, str) and path != "-" else None

    def entries(self, check: str) -> dict[str, Entry]:
        """Return the numbers it has for a check, by their losses."""
        return self._tables.get("" if self.is_report else check, {})

    def files(self, check: str) -> set[str]:
        """Return the absolute paths of the files that its numbers for a check are of."""
        told = self.content["checks"][check].get("inputs")
        folder = os.path.dirname(self.path)
        return {os.path.abspath(os.path.join(folder, name)) for name in told or ()}

    def targets(self, check: str) -> Targets:
        """Return the targets of its numbers for a check, where it has the hashes of them all.

        A file that was written before it said which inputs are targets has those of all inputs.
        """
        if self.is_report or not self.entries(check):
            return Targets()
        told = self.content["checks"][check]
        inputs, targets = told.get("inputs"), told.get("targets")
        inputs = inputs if isinstance(inputs, dict) else {}
        is_sure = isinstance(targets, list)
        known = [text for name, text in inputs.items() if not is_sure or name in targets]
        others = [text for name, text in inputs.items() if is_sure and name not in targets]
        if not all(isinstance(text, str) for text in known):
            return Targets()
        return Targets(tuple(known), is_sure and bool(known), tuple(others))

    @cached_property
    def _tables(self) -> dict[str, dict[str, Entry]]:
        content = self.content  # says itself what is wrong with it
        try:
            return _tables(content)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise DataError(f"{self.name}: is damaged: {_damage(error)}", DAMAGED) from None

    def checks(self) -> list[str]:
        """Return the names of its checks; of a report there are none."""
        return [] if self.is_report else list(self._tables)

    @cached_property
    def content(self) -> dict[str, Any]:
        """What the file says, an object of a known schema."""
        data = b""
        try:
            with open(self.path, "rb") as file:
                content = json.loads(
                    data := _whole(file),
                    object_pairs_hook=_distinct,
                    parse_constant=_refuse,
                    parse_float=Written,
                )
        except OSError as error:
            hint = self._way_to_write() if isinstance(error, FileNotFoundError) else None
            message = f"{self.name}: {error.strerror or error}"
            raise ResourceError(message, hint, filename=self.path) from None
        except _Conflict:
            raise DataError(
                f"{self.name}: has marks of a merge conflict",
                "keep the lines of one side, then run lossctl check",
            ) from None
        except (ValueError, RecursionError) as error:
            if data.strip() and not data.lstrip().startswith(b"{"):
                raise DataError(f"{self.name}: is no baseline", RIGHT_FILE) from None
            raise DataError(f"{self.name}: is no JSON: {visible(str(error))}", DAMAGED) from None
        if isinstance(content, dict) and {"checks", "verdict"} <= content.keys():
            raise DataError(
                f"{self.name}: is a report of check, which is no baseline",
                "lossctl eval --format json writes one, and lossctl check --update-baseline",
            )
        if not isinstance(content, dict) or content.keys().isdisjoint({"schema", "checks"}):
            raise DataError(f"{self.name}: is no baseline", RIGHT_FILE)
        is_of_check = "checks" in content
        known = SCHEMA if is_of_check else REPORT_SCHEMA
        if type(content.get("schema")) is not int or content["schema"] != known:
            raise DataError(
                f"{self.name}: is neither a JSON report of eval nor a baseline of check, of "
                f"schema {known}",
                DAMAGED,
            )
        return content

    def _way_to_write(self) -> str:
        hint = "to write today's numbers there add --update-baseline to this command"
        if os.path.basename(self.path) == FILE:
            return hint
        return f"{hint}; a report of lossctl eval --format json will do, too"


class Baselines(dict[str, Baseline]):
    """The baselines of a call by their paths, each read once."""

    def __init__(self, checks: Iterable[str] = ()) -> None:
        super().__init__()
        self._checks = frozenset(checks)
        """All that are asked for in the file of checks."""

    def __missing__(self, path: str) -> Baseline:
        return self.setdefault(path, Baseline(path, self._checks))


class _Conflict(Exception):
    """A file has marks of a merge."""


def _said(value: str | None) -> str:
    return "not set" if value is None else visible(value)


def _damage(error: Exception) -> str:
    """Return what is wrong with a baseline that is JSON, in plain words."""
    if isinstance(error, KeyError):
        return f"{visible(str(error.args[0]))!r} is missing"
    if isinstance(error, ValueError):
        return visible(str(error))
    return f"something in it is of another kind than it should be ({visible(str(error))})"


def _whole(file: BinaryIO) -> bytes:
    """Return what a file holds; raise ValueError for one that may never end, such as /dev/zero."""
    data = file.read(_MOST + 1)
    if data.startswith(_CONFLICT) or b"\n" + _CONFLICT in data:
        raise _Conflict
    if len(data) > _MOST:
        raise ValueError(f"it is longer than {_MOST} bytes")
    return data


def _tables(content: dict[str, Any]) -> dict[str, dict[str, Entry]]:
    """Return entries by check and loss; one check without a name is what a report has."""
    if "checks" in content:
        tables = {name: check["losses"] for name, check in content["checks"].items()}
    else:
        tables = {"": _distinct([(entry["loss"], entry) for entry in content["losses"]])}
    return {
        name: {loss: entry_of(loss, entry) for loss, entry in losses.items()}
        for name, losses in tables.items()
    }


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; raise ValueError for a key that comes twice, of which one would win."""
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(n for n in names if names.count(n) > 1)!r} comes twice")
    return values


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")

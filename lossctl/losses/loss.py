"""What a loss says of itself, one entry of the catalogue, and the loss that is asked for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import log
from typing import TYPE_CHECKING, NamedTuple

from lossctl.base.arrays import Array
from lossctl.base.decimals import finite_decimal
from lossctl.base.errors import UsageError
from lossctl.base.wording import choose, counted, quoted, visible
from lossctl.losses.domain import DISTRIBUTION, REAL, Domain, Undefined
from lossctl.losses.of_mean import OfMean
from lossctl.losses.peers import Peer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FEW, _SHORT = 6, 60
"""So many components, in so many characters, are named in a sentence."""
NUMBERS = "numbers"
"""The one scale of a loss that is of plain numbers, rather than of probabilities."""
SCORES = "scores"
"""The scale of numbers that decide for a class, and are no logits: distances to a plane, votes."""


class Parameter(NamedTuple):
    """A number that a formula takes beside predictions and targets."""

    default: float | None
    """None: it has to be given."""
    lowest: float
    highest: float
    meaning: str
    example: float | None = None
    """What it may be, where it has no default."""
    gap: tuple[float, float] | None = None
    """It may not lie between these two."""

    @property
    def range(self) -> str:
        """What it may be, for people."""
        bounds = f"from {self.lowest:g} to {self.highest:g}"
        if self.gap is None:
            return bounds
        below, above = self.gap
        return f"{bounds}, and not between {below:g} and {above:g}"

    @property
    def shown(self) -> float:
        """A value that it may have: its default, where it has one."""
        value = self.example if self.default is None else self.default
        assert value is not None, "what has no default has an example"
        return value

    def parsed(self, where: str, text: str) -> float:
        """Return the value that is written; raise UsageError, which says `where`, for another."""
        number = finite_decimal(text)
        if number is None or not self._admits(float(number)):
            raise UsageError(f"{where} is {quoted(text)}, but must be a number {self.range}")
        return float(number) + 0.0  # -0.0 would be another name for the same number

    def _admits(self, number: float) -> bool:
        in_gap = self.gap is not None and self.gap[0] < number < self.gap[1]
        return self.lowest <= number <= self.highest and not in_gap


class Guard(NamedTuple):
    """What keeps a logarithm finite."""

    eps: float
    """Added inside each logarithm."""
    decides: "Callable[[Array, Array], NDArray[np.bool_]]"
    """Returns which samples have a loss that eps decides rather than the probability, (n,)."""


class Formula(NamedTuple):
    """How the loss of one sample, div(y, d), is taken of predictions on one scale."""

    text: str
    per_sample: Callable[..., Array]
    """Takes predictions and targets, float64 of shape (n, k), and the parameters by their names;
    returns the losses, shape (n,). Components are added left to right, and each log and exp runs
    on contiguous memory, so that the layout of the input cannot change a bit of the result."""
    predictions: Domain = REAL
    targets: Domain = REAL
    guard: Guard | None = None
    transform: Callable[[Array], Array] | None = None
    """Makes of the predictions, shape (n, k), what `per_sample` takes; None: they are that."""
    true_class_only: bool = False
    """A component whose target is 0 adds nothing, so that for a label its class is enough."""
    least: float = 0.0
    """No sample has a lower loss."""
    words: str = ""
    """The formula in words, with {classes} or {components} for how many there are, and which."""
    peers: tuple[Peer, ...] = ()
    """The first one that takes as many components is compared with."""
    one_class: bool = False
    """Each sample of several components is of one class, though no target need sum to 1."""
    of_shares: bool = False
    """To predict for each sample how common the classes are costs the entropy of these shares."""
    domains: Callable[..., tuple[Domain, Domain]] | None = None
    """Returns the domains of predictions and targets for the parameters, by their names, where
    they depend on these."""
    undefined: "Callable[[Array, Array], Undefined | None] | None" = None
    """Takes predictions and targets of one sample whose loss is NaN, both (k,), and returns why,
    where that is known; None: every sample has a loss whose values belong to the domains."""
    gradient: "Callable[..., Array] | None" = None
    """Takes predictions as they are given, before any `transform`, targets and parameters; returns
    the derivatives of the losses by the predictions, shape (n, k). None: there are none, or only
    zeros."""
    kinks: "Callable[..., NDArray[np.bool_]] | None" = None
    """Takes the same, and returns which samples, (n,), have a prediction where the loss has no
    derivative, so that the gradient is a subgradient; None: none has."""

    @property
    def of_one_class(self) -> bool:
        """Whether each sample of several components is of one class."""
        return self.one_class or self.targets == DISTRIBUTION

    def with_parameters(self, values: Mapping[str, float]) -> "Formula":
        """Return it with the words and the domains for these parameters."""
        words = self.words
        for name, value in values.items():
            words = words.replace(f"{{{name}}}", f"{value:g}")
        if self.domains is None:
            return self._replace(words=words)
        predictions, targets = self.domains(**values)
        return self._replace(words=words, predictions=predictions, targets=targets)

    def lowest(self, of_mean: OfMean | None) -> float:
        """Return what no Loss(W) is below, where it is this function of the mean, or the mean."""
        return self.least if of_mean is None else of_mean.value(self.least, 1)

    def peer(self, k: int) -> Peer | None:
        """Return what a loss of so many components is compared with, if with anything."""
        return next((peer for peer in self.peers if peer.takes(k)), None)

    def number_of_peer(self, k: int, mean: float) -> tuple[str, float] | None:
        """Return what it is compared with, and the number that this is where our mean is that.

        None where there is nothing, and where a guard makes that another number.
        """
        peer = self.peer(k)
        if peer is None or self.guard is not None:
            return None
        above, below = peer.factor(k)
        return peer.name, mean / below * above

    def is_other(self, k: int) -> bool:
        """Return whether what it is compared with is a multiple, or a part, of it."""
        peer = self.peer(k)
        return peer is not None and peer.factor(k) != (1, 1)

    def explained(self, k: int, mean: float, guarded: int, names: Sequence[str] = ()) -> str:
        """Return in a sentence what is computed of k components, and what others make of it.

        `guarded` is of how many samples the guard decides the loss, and `names` are what the
        components are called, where that is to be said.
        """
        shown = visible(", ".join(names)) if k <= _FEW else ""
        which = f" ({shown})" if 0 < len(shown) <= _SHORT else ""
        said = self.words.format(
            components=f"{counted(k, 'component')}{which}", classes=f"{k} classes{which}"
        )
        peer = self.peer(k)
        if peer is None:
            return said
        said += f"; {peer.compared(k, mean, guarded=guarded > 0)}"
        if self.guard is None:
            return said
        eps = _plain(self.guard.eps)
        if not guarded:
            return f"{said}{',' * said[-1].isdigit()} but for the {eps}"
        return (
            f"{said}: the targets of {counted(guarded, 'sample')} have a probability below {eps}, "
            f"which costs up to {-log(self.guard.eps):.6g} here, and {peer.most()}"
        )


def _plain(eps: float) -> str:
    """Return 1e-7 for 1e-07."""
    return repr(eps).replace("e-0", "e-")


class Loss(NamedTuple):
    """An entry of the catalogue: all that there is to know of a loss."""

    name: str
    title: str
    family: str
    units: str
    """Those of the loss."""
    source: str
    """Where the formula is from."""
    scales: Mapping[str, Formula]
    """The formula for each scale that predictions may be given on: `NUMBERS` alone or, of a loss
    of probabilities, names of `lossctl.losses.SCALES`; first the one that is taken unasked."""
    parameters: Mapping[str, Parameter] = {}
    of_mean: OfMean | None = None
    """None: Loss(W) is the mean itself."""

    @property
    def formula(self) -> Formula:
        """The formula for the predictions as they are if nothing is said of their scale."""
        return next(iter(self.scales.values()))

    def elsewhere(self) -> Iterator[str]:
        """Yield what other programs make of it, of the scales that predictions may be given on."""
        for scale, formula in self.scales.items():
            of = f"of {scale} " if len(self.scales) > 1 else ""
            yield from (f"{of}{peer.described()}" for peer in formula.peers)

    def bound(self, scale: str, text: str, given: Mapping[str, str]) -> "BoundLoss":
        """Return the loss with these parameters, written as decimal numbers; others have defaults.

        `text` is how the loss was asked for. Raises UsageError for a parameter that it does not
        have, and for a value that is no number or out of range.
        """
        where = f"--loss {quoted(text)}"
        for name in given:
            if not self.parameters:
                raise UsageError(f"{where}: this loss has no parameters")
            if name not in self.parameters:
                raise UsageError(*choose("parameter of this loss", name, self.parameters))
        values: dict[str, float] = {}
        for name, parameter in self.parameters.items():
            if name in given:
                values[name] = parameter.parsed(f"{where}: {name}", given[name])
            elif parameter.default is not None:
                values[name] = parameter.default
            else:
                raise UsageError(
                    f"{where}: {name} is missing, {parameter.meaning}: a number {parameter.range}",
                    f"as in --loss {self.example}",
                )
        formula = self.scales[scale].with_parameters(values)
        return BoundLoss(self._name_with(values), scale, formula, values, self.of_mean)

    @property
    def example(self) -> str:
        """How it may be asked for: with all parameters that have no default."""
        needed = {name: one for name, one in self.parameters.items() if one.default is None}
        written = ",".join(f"{name}={one.shown:g}" for name, one in needed.items())
        return f"{self.name}:{written}" if written else self.name

    def _name_with(self, values: Mapping[str, float]) -> str:
        """Return what a loss with these parameters is called, however it was asked for.

        The parameters that are not at their defaults stand in the order of the catalogue, as the
        shortest decimal numbers: `huber:gamma=2.0,delta=1` is `huber:delta=1,gamma=2`, and
        `huber` where these are the defaults. So the same loss has one name everywhere.
        """
        stated = [
            f"{name}={repr(value).removesuffix('.0')}"
            for name, value in values.items()
            if value != self.parameters[name].default
        ]
        return f"{self.name}:{','.join(stated)}" if stated else self.name


class BoundLoss(NamedTuple):
    """A loss that was asked for: the formula for one scale, its parameters bound to numbers."""

    name: str
    """What it is called in outputs, limits and baselines."""
    scale: str
    formula: Formula
    values: Mapping[str, float]
    """The parameters by their names."""
    of_mean: OfMean | None = None

    def of_all(self, mean: float, error: float | None, k: int) -> tuple[float, float | None]:
        """Return Loss(W) and its standard error, by the mean of all samples and its own.

        What is a function of the mean has the error that its tangent there has (delta method).
        """
        if self.of_mean is None:
            return mean, error
        slope = self.of_mean.slope(mean, k)
        return self.of_mean.value(mean, k), None if error is None else error * slope

    @property
    def least(self) -> float:
        """No Loss(W) is lower."""
        return self.formula.lowest(self.of_mean)

    def per_sample(self, predictions: Array, targets: Array) -> Array:
        """Return the losses of what the formula takes, shape (n,)."""
        return self.formula.per_sample(predictions, targets, **self.values)

"""All warnings in one registry."""

from collections.abc import Iterator

from lossctl.base.warnings import BlockCaution, Caution
from lossctl.evaluation import cautions, confusion, copies, final, underflow
from lossctl.evaluation.task import Task
from lossctl.pairing import warnings as of_pairing
from lossctl.tables import warnings as of_tables

WARNINGS: tuple[type[Caution], ...] = (
    of_tables.ShardsOutOfOrder,
    of_tables.SubfoldersNotRead,
    of_tables.MissingShards,
    of_tables.EmptyShards,
    of_tables.NoFinalNewline,
    of_pairing.SameShards,
    of_pairing.ShardsByWords,
    of_pairing.CommasInDoubt,
    of_pairing.ColumnsSwapped,
    of_pairing.OtherColumn,
    of_pairing.OfPredictedClass,
    of_pairing.NamedByOtherLabel,
    of_pairing.IndexUnused,
    of_pairing.IndexBesideIds,
    of_pairing.IndexesApart,
    of_pairing.SortedAsText,
    of_pairing.RowsOutOfOrder,
    of_pairing.UnusedIdsTogether,
    of_pairing.AsByChance,
    of_pairing.UnlikeIds,
    of_pairing.ColumnsReordered,
    of_pairing.ColumnsCountOtherwise,
    of_pairing.MayBeIndices,
    copies.Identical,
    copies.SameComponents,
    copies.PredictedTargets,
    cautions.Swapped,
    cautions.HardPredictions,
    cautions.Complementary,
    cautions.ProbabilitiesAsLogits,
    cautions.NotProbabilities,
    final.UnusedId,
    cautions.NoLabel0,
    cautions.RoughSums,
    confusion.ClassesInAnotherOrder,
    final.Skipped,
    final.Unpaired,
    final.Repeated,
    final.Overflow,
    underflow.Underflow,
    final.AboveEntropy,
    final.AtKinks,
    final.Perfect,
)
"""Every warning. The order is that in which those of the samples are told: what is seen in blocks
and what is known only at the end. Before them stand, here as in a report, those of tables and of
pairing, which are told whether or not they are listed: table by table, then the pairing."""


def cautions_to_look_for(task: Task) -> tuple[type[BlockCaution], ...]:
    """Return the warnings that the values of every block are looked at for."""
    kinds = (kind for kind in WARNINGS if issubclass(kind, BlockCaution))
    return tuple(kind for kind in kinds if kind.applies(task))


def warnings_of(evaluated: final.Evaluated) -> Iterator[Caution]:
    """Yield what is to be told of the samples, in the order of the registry."""
    seen = {type(caution): caution for caution in evaluated.summary.cautions}
    for kind in WARNINGS:
        if issubclass(kind, final.FinalCaution):
            yield from kind.of(evaluated)
        elif kind in seen and seen[kind].count:
            yield seen[kind]

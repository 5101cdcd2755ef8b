"""What each class of warning tells: its instances, their counts and messages."""

import numpy as np
from samples import TWICE

from lossctl.base.warnings import Caution
from lossctl.evaluation.cautions import (
    Complementary,
    HardPredictions,
    NoLabel0,
    NotProbabilities,
    ProbabilitiesAsLogits,
    RoughSums,
    Swapped,
)
from lossctl.evaluation.confusion import ClassesInAnotherOrder
from lossctl.evaluation.copies import Identical, PredictedTargets, SameComponents
from lossctl.evaluation.final import (
    AboveEntropy,
    AtKinks,
    Overflow,
    Perfect,
    Repeated,
    Skipped,
    Unpaired,
    UnusedId,
)
from lossctl.evaluation.underflow import Underflow
from lossctl.pairing.warnings import (
    AsByChance,
    ColumnsCountOtherwise,
    ColumnsReordered,
    ColumnsSwapped,
    CommasInDoubt,
    IndexBesideIds,
    IndexesApart,
    IndexUnused,
    MayBeIndices,
    NamedByOtherLabel,
    OfPredictedClass,
    OtherColumn,
    RowsOutOfOrder,
    SameShards,
    ShardsByWords,
    SortedAsText,
    UnlikeIds,
    UnusedIdsTogether,
)
from lossctl.tables.warnings import (
    EmptyShards,
    MissingShards,
    NoFinalNewline,
    ShardsOutOfOrder,
    SubfoldersNotRead,
)

TOLD: dict[type[Caution], list[tuple[Caution, int, str]]] = {
    ShardsOutOfOrder: [
        (
            ShardsOutOfOrder(table="2,1\n"),
            1,
            "2,1\\x0a: read in this order, which is not that of their numbers",
        )
    ],
    SubfoldersNotRead: [
        (
            SubfoldersNotRead(table="p", folders=("a\n", "b")),
            2,
            "p: what is in the folders 'a\\x0a', 'b' there is not read",
        )
    ],
    MissingShards: [
        (
            MissingShards(table="p", shards=2, numbers="1, 2"),
            2,
            "p: 2 shards are not there, and taken for empty: 1, 2",
        ),
        (
            MissingShards(table="p\n", shards=1, numbers="3"),
            1,
            "p\\x0a: 1 shard is not there, and taken for empty: 3",
        ),
    ],
    EmptyShards: [
        (
            EmptyShards(table="p\n", shards=1, first="p/part-0.csv"),
            1,
            "p\\x0a: 1 shard without a row passed over: p/part-0.csv",
        ),
        (
            EmptyShards(table="p", shards=3, first="p/part-0.csv"),
            3,
            "p: 3 shards without a row passed over: p/part-0.csv, ...",
        ),
    ],
    NoFinalNewline: [
        (NoFinalNewline(table="p.csv"), 1, "p.csv: no newline at the end: is the file complete?")
    ],
    ColumnsCountOtherwise: [
        (
            ColumnsCountOtherwise(predictions=("p", "'h0', 'h1'"), targets=("t", "'h1', 'h2'")),
            1,
            "p has the columns 'h0', 'h1', but t 'h1', 'h2': they were paired by position, as "
            "these names only count (if that is right, pass --columns position)",
        )
    ],
    ColumnsReordered: [
        (ColumnsReordered(targets="t"), 1, "t: columns paired by name, in the predictions' order")
    ],
    IndexUnused: [
        (
            IndexUnused(numbered="p", labelled="t"),
            1,
            "rows were paired by position: p only numbers its rows, t has an index of other labels "
            "(if that is right, pass --index ignore)",
        ),
        (
            IndexUnused(numbered="p", labelled="t", ascend=True),
            1,
            "rows were paired by position: p only numbers its rows, t has an index of other "
            "labels, which ascend with gaps: was it sorted? (if that is right, pass --index "
            "ignore)",
        ),
    ],
    IndexesApart: [
        (
            IndexesApart(predictions="p", targets="t"),
            1,
            "rows were paired by position: no label of the index of p is one of t, in the first "
            "rows (if they do belong together in their order, pass --index ignore)",
        )
    ],
    UnusedIdsTogether: [
        (
            UnusedIdsTogether(columns=("store", "day")),
            1,
            "rows were paired by position, though both tables have the same rows of 'store', "
            "'day', in another order: sort both by these columns?",
        )
    ],
    UnlikeIds: [
        (
            UnlikeIds(columns=("pid", "tid")),
            1,
            "rows were paired by position, though 'pid' and 'tid' look like ids, and differ in the "
            "first rows: if they are the same in another order, call both the same, and pair by "
            "them with --id",
        )
    ],
    AsByChance: [
        (
            AsByChance(table="p", column="label", targets="t"),
            1,
            "the labels in column 'label' of p are those of t no more often than by chance: do the "
            "rows of both stand in the same order?",
        )
    ],
    IndexBesideIds: [
        (
            IndexBesideIds(labelled="p", other="t", column="house id"),
            1,
            "rows were paired by position: p has an index, t a column 'house id' of other labels "
            "(if the rows do belong together in their order, pass --index ignore; else make a "
            "column 'house id' of the index of p, in pandas with "
            ".rename_axis('house id').reset_index(), and pair the rows by it with --id 'house id')",
        ),
    ],
    ShardsByWords: [
        (
            ShardsByWords(table="p", names=("high", "low", "mid")),
            1,
            "p: shards were read in the order of the alphabet, high, low, mid: do the rows of the "
            "other table stand so, too? (to say so, name them in their order, with commas between)",
        )
    ],
    RowsOutOfOrder: [
        (
            RowsOutOfOrder(table="p", other="t", column="", first=("7", "3", "0")),
            1,
            "rows were paired by position, though those of p are numbered, and stand in another "
            "order: its index begins with 7, 3, 0; t has no such column (if its rows stand in "
            "this order, too, pass --index ignore)",
        ),
        (
            RowsOutOfOrder(table="t", other="p", column="id", first=("1", "5", "9")),
            1,
            "rows were paired by position, though those of t are numbered, and stand in another "
            "order: its column 'id' begins with 1, 5, 9; p has no such column (if its rows stand "
            "in this order, too, pass --index ignore)",
        ),
    ],
    SortedAsText: [
        (
            SortedAsText(table="p", other="t", labels=("1", "10", "2")),
            1,
            "p: its rows are numbered, but stand in the order of text, 1, 10, 2, as "
            "json.dump(..., sort_keys=True) writes them: do those of t, too? (if they do, pass "
            "--index ignore)",
        )
    ],
    Repeated: [
        (
            Repeated(table="t", rows=2, evaluated=9, kept=False),
            2,
            "2 rows of t left out, as they repeat samples: 9 evaluated",
        ),
        (
            Repeated(table="t", rows=1, evaluated=9, kept=True),
            1,
            "1 row of t evaluated again, as it repeats a sample: 9 evaluated",
        ),
    ],
    Identical: [
        (
            Identical(equal=True, labels=False),
            1,
            "the targets are the predictions, value for value: is one a copy?",
        ),
        (
            Identical(equal=True, labels=True),
            1,
            "the predictions are the targets, as 0 and 1 for each class: is one made of the other?",
        ),
        (Identical(equal=False, labels=False), 0, ""),
    ],
    Swapped: [
        (
            Swapped(predictions="p", targets="t", hard=True, soft=True),
            1,
            "p holds only 0 and 1, but t does not: are they swapped? Predictions come first",
        ),
        (Swapped(predictions="p", targets="t", hard=True, soft=False), 0, ""),
        (Swapped(predictions="p", targets="t", hard=False, soft=True), 0, ""),
    ],
    HardPredictions: [
        (
            HardPredictions(predictions="p", hard=True, wrong=1, samples=10),
            1,
            "p holds only 0 and 1, classes rather than probabilities: a log loss of them only "
            "counts mistakes, 1 of 10 samples, at 16.118 for each wrong value",
        ),
        (HardPredictions(predictions="p", hard=True, wrong=1, samples=9), 0, ""),
        (HardPredictions(predictions="p", hard=False, wrong=1, samples=10), 0, ""),
    ],
    Complementary: [
        (
            Complementary(loss="bce", classes=2, complementary=True),
            1,
            TWICE,
        ),
        (Complementary(loss="bce", classes=2, complementary=False), 0, ""),
        (
            Complementary(loss="bce", classes=3, complementary=True),
            1,
            "each row adds up to 1, as that of 3 classes does, but bce takes each class for an "
            "event of its own: for the log loss pass --loss ce",
        ),
        (
            Complementary(loss="focal", classes=2, complementary=True),
            1,
            "the two columns add up to 1, so that focal counts each event twice: name the positive "
            "column with --pred-cols",
        ),
    ],
    ProbabilitiesAsLogits: [
        (
            ProbabilitiesAsLogits(predictions="p", rows=True, probable=True),
            1,
            "p: every row is a probability distribution, but was read as logits: if it is one, "
            "leave --from logits out",
        ),
        (
            ProbabilitiesAsLogits(predictions="p", rows=False, probable=True),
            1,
            "p: every value is a probability, but was read as logits: if it is one, "
            "leave --from logits out",
        ),
        (ProbabilitiesAsLogits(predictions="p", rows=True, probable=False), 0, ""),
    ],
    NotProbabilities: [
        (
            NotProbabilities(predictions="p", targets="t", outside=True),
            1,
            "t holds class labels, but the rows of p are no probabilities of classes: are they "
            "logits or percentages, or is a column no class?",
        ),
        (NotProbabilities(predictions="p", targets="t", outside=False), 0, ""),
    ],
    PredictedTargets: [
        (
            PredictedTargets(target="pred\n", highest=True, most_of_0=0.4, least_of_1=0.6),
            1,
            "'pred\\x0a' was read as targets, and each is the class that is predicted: is that "
            "what the model predicted, rather than what is true?",
        ),
        (PredictedTargets(target="p", highest=False, most_of_0=0.4, least_of_1=0.6), 0, ""),
        (PredictedTargets(target="p", highest=True, most_of_0=0.6, least_of_1=0.6), 0, ""),
        (PredictedTargets(target="p", highest=True, most_of_0=0.6, least_of_1=np.inf), 0, ""),
    ],
    SameShards: [
        (SameShards(first="a\n", again="b"), 1, "a\\x0a and b are the same: is one a copy?")
    ],
    OfPredictedClass: [
        (
            OfPredictedClass(predictions="p", label="label"),
            1,
            "p: no probability is below 0.5, and a column 'label' stands beside it: is it that of "
            "the class that was predicted, rather than of the event?",
        )
    ],
    NamedByOtherLabel: [
        (
            NamedByOtherLabel(column="p_not spam", negative="not spam", positive="spam"),
            1,
            "'p_not spam' was read as the probability of 'spam', though its name says that of "
            "'not spam': if it is that, pass --pos-label 'not spam'",
        )
    ],
    ColumnsSwapped: [
        (
            ColumnsSwapped(prediction="y_true\n", target="pred"),
            1,
            "'y_true\\x0a' was read as predictions, and 'pred' as targets: are the two swapped?",
        )
    ],
    OtherColumn: [
        (
            OtherColumn(prediction="a\n", target="b"),
            1,
            "'a\\x0a' was evaluated against 'b', though both tables have both: are they the same "
            "thing?",
        )
    ],
    SameComponents: [
        (
            SameComponents(names=("a", "b\n", "c"), width=3, same=frozenset({1}), samples=3),
            1,
            "the same in predictions and targets, value for value: 'b\\x0a'; if that is no "
            "component, leave it out with --pred-cols",
        ),
        (SameComponents(names=(), width=2, same=frozenset({1}), samples=2), 0, ""),
        (SameComponents(names=(), width=2, same=frozenset({0, 1}), samples=3), 0, ""),
        (SameComponents(names=(), width=2, same=frozenset(), samples=3), 0, ""),
    ],
    UnusedId: [
        (
            UnusedId(column=("id", "id")),
            1,
            "rows were paired by position, though both tables have a column 'id': pair by it with "
            "--id?",
        ),
        (
            UnusedId(column=("img", "file"), differ=True),
            1,
            "rows were paired by position, though 'img' and 'file' hold the same ids, in another "
            "order: call both the same, and pair by them with --id?",
        ),
    ],
    NoLabel0: [
        (
            NoLabel0(targets="t", classes=3, labels=30, least=1.0),
            1,
            "t: the least label is 1, and none is 0, the first class: labels count from 0; if "
            "these count from 1, name the classes: --classes 1,2,3",
        ),
        (NoLabel0(targets="t", classes=3, labels=29, least=1.0), 0, ""),
        (NoLabel0(targets="t", classes=3, labels=30, least=0.0), 0, ""),
    ],
    RoughSums: [
        (
            RoughSums(rows=1, tolerance=0.01),
            1,
            "1 row of probabilities sums to 1 only roughly, within the tolerance of 0.01",
        ),
        (
            RoughSums(rows=7, tolerance=0.05),
            7,
            "7 rows of probabilities sum to 1 only roughly, within the tolerance of 0.05",
        ),
        (RoughSums(rows=0, tolerance=0.01), 0, ""),
    ],
    Skipped: [
        (
            Skipped(rows=1, lack=0, evaluated=9, why="a missing value"),
            1,
            "1 row left out for a missing value: 9 evaluated",
        ),
        (
            Skipped(rows=3, lack=2, evaluated=9, why="a missing value"),
            3,
            "3 rows left out for a missing value (2 without a prediction): 9 evaluated",
        ),
        (
            Skipped(rows=2, lack=0, evaluated=9, why="a label to ignore"),
            2,
            "2 rows left out for a label to ignore: 9 evaluated",
        ),
    ],
    CommasInDoubt: [
        (
            CommasInDoubt(predictions="p", targets="t"),
            1,
            "p and t: each line was read as two whole numbers; if it is one number with a decimal "
            "comma, pass --decimal ,",
        ),
    ],
    MayBeIndices: [
        (
            MayBeIndices(targets="t", classes=2),
            1,
            "t: labels were read as the numbers that the predictions' columns are called by; if "
            "they are indices from 0, pass --classes 0,1",
        ),
    ],
    ClassesInAnotherOrder: [
        (
            ClassesInAnotherOrder(
                predictions="p", names=("a", "b", "c"), pairs=(0, 5, 4, 9, 0, 0, 0, 4, 5)
            ),
            1,
            "p: most samples are predicted as another class, of 'a' as 'b', of 'b' as 'a': do the "
            "classes stand in another order than the columns?",
        ),
        (
            ClassesInAnotherOrder(
                predictions="p", names=("a", "b", "c"), pairs=(0, 0, 9, 9, 0, 0, 0, 9, 0)
            ),
            1,
            "p: most samples are predicted as another class, of 'a' as 'c', of 'b' as 'a', of 'c' "
            "as 'b': do the classes stand in another order than the columns?",
        ),
        (  # two classes are taken for a third
            ClassesInAnotherOrder(
                predictions="p", names=("a", "b", "c"), pairs=(0, 9, 0, 0, 9, 0, 0, 9, 0)
            ),
            0,
            "",
        ),
        (  # one class has few samples
            ClassesInAnotherOrder(
                predictions="p", names=("a", "b", "c"), pairs=(0, 4, 0, 9, 0, 0, 0, 0, 9)
            ),
            0,
            "",
        ),
        (ClassesInAnotherOrder(predictions="p", names=("a", "b", "c"), pairs=()), 0, ""),
    ],
    Unpaired: [
        (
            Unpaired(table="t", rows=3, evaluated=9),
            3,
            "3 rows of t left out, with an id that the other table lacks: 9 evaluated",
        )
    ],
    Overflow: [(Overflow(loss="mae"), 1, "the total of mae is beyond float64")],
    Underflow: [
        (
            Underflow(loss="rmse"),
            1,
            "the squares of all errors are below 2.2e-308, where a float64 has fewer digits or is "
            "0: rmse is not exact",
        )
    ],
    AboveEntropy: [
        (
            AboveEntropy(loss="ce", mean=3.0, entropy=0.6931471805599453),
            1,
            "ce is 3, but always predicting how common the classes are gives 0.693147: are rows "
            "or columns shuffled, or probabilities inverted?",
        )
    ],
    AtKinks: [
        (
            AtKinks(loss="mae", samples=2),
            2,
            "2 samples with a prediction where mae has a kink: the gradient there is a subgradient",
        )
    ],
    Perfect: [
        (
            Perfect(loss="ce"),
            1,
            "the 1e-7 puts the loss of a perfect prediction just below 0",
        ),
        (
            Perfect(loss="kl", by_guard=False),
            1,
            "probabilities that are a little off, or sums of them, put it below 0",
        ),
    ],
}
"""What each class tells: its instances, their counts and messages."""

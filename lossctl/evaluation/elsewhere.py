"""What options and arguments of lossctl are called in other programs and libraries."""

_ELSEWHERE = {
    "loss": ("metric", "metrics", "score", "scoring", "criterion", "objective"),
    "predictions": ("y_pred", "y_score"),
    "targets": ("y_true",),
    "delimiter": ("sep",),
    "max_loss": ("threshold", "limit"),
}
"""By what they are called here, where a word of others is far from that."""
_HERE = {word: here for here, words in _ELSEWHERE.items() for word in words}


def called_here(word: str) -> str | None:
    """Return what Python calls here what is a word of others, be it an option; None if unknown."""
    return _HERE.get(word.lstrip("-").replace("-", "_"))

"""The commands: a module or a folder each, which is imported when the command is called."""

from __future__ import annotations

COMMANDS: dict[str, tuple[str, str]] = {
    "eval": ("lossctl.commands.eval:eval_", "Per-sample losses and their mean, Loss(W)."),
    "check": (
        "lossctl.commands.check.command:check",
        "A gate for CI: fails if a loss is above a limit or a baseline.",
    ),
    "grad": ("lossctl.commands.grad:grad", "The gradient of Loss(W) by the predictions."),
    "losses": ("lossctl.commands.losses:losses", "All losses, with their formulas."),
    "completion": (
        "lossctl.commands.completion:completion",
        "A script for completion in bash, zsh or fish.",
    ),
}
"""Each has the "module:attribute" of its function, and the line that `lossctl --help` shows."""

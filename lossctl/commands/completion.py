"""`lossctl completion`: a script that completes commands, options and their values in a shell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

import typer

from lossctl.base.errors import UsageError
from lossctl.base.wording import choose


def completion(
    shell: Annotated[str, typer.Argument(metavar="SHELL", help="bash, zsh or fish (required)")],
) -> None:
    """Print a script that completes commands, options, losses and formats, and files elsewhere.

    It starts no program when Tab is pressed.

    \b
    lossctl completion bash > ~/.local/share/bash-completion/completions/lossctl
    lossctl completion zsh > a folder of your fpath, as _lossctl
    lossctl completion fish > ~/.config/fish/completions/lossctl.fish
    """
    from lossctl.outputs.files import open_output

    if shell not in _SCRIPTS:
        raise UsageError(*choose("shell", shell, _SCRIPTS))
    with open_output(None) as write:
        write(_SCRIPTS[shell](_options()))


Options = dict[str, dict[str, str | None]]
"""By command: its options, each with the words that it takes, "" for a flag, None for the rest."""


def _options() -> Options:
    from lossctl.commands import COMMANDS
    from lossctl.commands.help import command_of

    found: Options = {}
    for name in COMMANDS:
        found[name], words = {"--help": ""}, _words(name)
        for parameter in command_of(name).params:
            for option in [*parameter.opts, *parameter.secondary_opts]:
                if option.startswith("--"):
                    flag = getattr(parameter, "is_flag", False)
                    found[name][option] = "" if flag else words.get(option)
    return found


def _words(command: str) -> Mapping[str, str]:
    """Return the words that options of a command take, where these are few and known."""
    from lossctl.commands.flags.display import WHEN
    from lossctl.evaluation.options import POLICIES
    from lossctl.losses import LOSSES, SCALES
    from lossctl.renderers import FORMATS, RESULT_FORMATS
    from lossctl.tables import formats

    known: dict[str, Iterable[str]] = {
        "--loss": LOSSES,
        "--from": SCALES,
        "--format": RESULT_FORMATS if command == "check" else FORMATS,
        "--format-in": formats.FORMATS,
        **POLICIES,
        "--color": WHEN,
    }
    return {option: " ".join(words) for option, words in known.items()}


def _bash(options: Options) -> str:
    """Return the script of bash."""
    cases = "".join(
        f'    "{name} {option}") COMPREPLY=($(compgen -W "{words}" -- "$word")); return ;;\n'
        for name, known in options.items()
        for option, words in sorted(known.items())
        if words
    )
    commands = "".join(
        f'    {name}) options="{" ".join(sorted(known))}" ;;\n' for name, known in options.items()
    )
    return f"""\
_lossctl() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" options=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{" ".join(options)} --help --version" -- "$word")); return
  fi
  case "${{COMP_WORDS[1]}} $before" in
{cases}  esac
  case "${{COMP_WORDS[1]}}" in
{commands}  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
  esac
}}
complete -o bashdefault -o default -F _lossctl lossctl
"""


def _zsh(options: Options) -> str:
    """Return the script of zsh, which reads that of bash."""
    return "#compdef lossctl\nautoload -U +X bashcompinit && bashcompinit\n" + _bash(options)


def _fish(options: Options) -> str:
    """Return the script of fish."""
    lines = [f"complete -c lossctl -n __fish_use_subcommand -f -a '{' '.join(options)}'"]
    for name, known in options.items():
        for option, words in sorted(known.items()):
            takes = {"": "", None: " -r"}.get(words, f" -x -a '{words}'")
            when = f"-n '__fish_seen_subcommand_from {name}'"
            lines.append(f"complete -c lossctl {when} -l {option[2:]}{takes}")
    return "\n".join(lines) + "\n"


_SCRIPTS = {"bash": _bash, "zsh": _zsh, "fish": _fish}

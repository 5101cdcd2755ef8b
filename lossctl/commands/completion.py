"""`lossctl completion`: a script that completes commands, options and their values in a shell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from lossctl.base.errors import UsageError
from lossctl.base.wording import choose
from lossctl.commands.help import argument


def completion(
    shell: Annotated[str, argument("SHELL", "bash, zsh or fish (required)")],
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
        words = {option: " ".join(known) for option, known in words_of_options(name).items()}
        found[name] = {"--help": "", "--debug": ""}
        for parameter in command_of(name).params:
            options = [*parameter.opts, *parameter.secondary_opts]
            known = next((words[option] for option in options if option in words), None)
            for option in options:
                if option.startswith("-"):
                    found[name][option] = "" if getattr(parameter, "is_flag", False) else known
    return found


def words_of_options(command: str) -> Mapping[str, Iterable[str]]:
    """Return the words that options of a command take, where these are few and known."""
    from lossctl.commands.flags.display import WHEN
    from lossctl.evaluation.options import POLICIES
    from lossctl.losses import LOSSES, SCALES
    from lossctl.renderers import FORMATS, RESULT_FORMATS
    from lossctl.tables import formats

    return {
        "--loss": LOSSES,
        "--from": SCALES,
        "--format": RESULT_FORMATS if command == "check" else FORMATS,
        "--format-in": formats.FORMATS,
        **POLICIES,
        "--color": WHEN,
    }


def _is_long(option: str) -> bool:
    return option.startswith("--")


def _bash(options: Options) -> str:
    """Return the script of bash."""
    cases = "".join(
        f'    "{name} {option}") words="{words}" ;;\n'
        for name, known in options.items()
        for option, words in sorted(known.items())
        if words
    )
    commands = "".join(
        f'    {name}) options="{" ".join(filter(_is_long, sorted(known)))}" ;;\n'
        for name, known in options.items()
    )
    return f"""\
_lossctl() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}"
  local options="" words="" start=""
  COMPREPLY=()
  case "$word" in
    =) word="" ;;
    --*=*) before="${{word%%=*}}"; start="$before=" ;;
    -*) before="" ;;
    *) if [ "$before" = "=" ]; then before="${{COMP_WORDS[COMP_CWORD-2]}}"; fi ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{" ".join(options)} --help --version" -- "$word")); return
  fi
  case "${{COMP_WORDS[1]}} $before" in
{cases}    "completion "?*) words="{" ".join(_SCRIPTS)}" ;;
  esac
  if [ -n "$words" ]; then
    case "$word" in *,*) start="${{word%,*}}," ;; esac
    COMPREPLY=($(compgen -P "$start" -W "$words" -- "${{word#"$start"}}")); return
  fi
  case "${{COMP_WORDS[1]}}" in
{commands}  esac
  case "$word" in -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;; esac
}}
complete -o bashdefault -o default -F _lossctl lossctl
"""


def _zsh(options: Options) -> str:
    """Return the script of zsh: that of bash, and an answer to the Tab that loads it."""
    return f"""\
#compdef lossctl
autoload -U +X bashcompinit && bashcompinit
{_bash(options)}if [ "${{funcstack[1]}}" = _lossctl ]; then
  _bash_complete -o bashdefault -o default -F _lossctl
fi
"""


def _fish(options: Options) -> str:
    """Return the script of fish."""
    lines = [f"complete -c lossctl -n __fish_use_subcommand -f -a '{' '.join(options)}'"]
    for name, known in options.items():
        for option, words in sorted(known.items()):
            takes = {"": "", None: " -r"}.get(words, f" -x -a '{words}'")
            when = f"-n '__fish_seen_subcommand_from {name}'"
            called = f"-l {option[2:]}" if _is_long(option) else f"-s {option[1:]}"
            lines.append(f"complete -c lossctl {when} {called}{takes}")
    shells = f"-n '__fish_seen_subcommand_from completion' -f -a '{' '.join(_SCRIPTS)}'"
    lines.append(f"complete -c lossctl {shells}")
    return "\n".join(lines) + "\n"


_SCRIPTS = {"bash": _bash, "zsh": _zsh, "fish": _fish}

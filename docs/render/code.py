"""Commands, errors, plays, refusals and states, from the code that declares them."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator

import click

from config.layers import load_defaults
from docs.render.markdown import sentences, table, words
from sync import errors
from sync.cli.app import COMMANDS
from sync.core.model import ActionKind, Band, OutboxState, Refusal
from sync.core.plays import PLAYS
from sync.core.wording import band_word, kind_word, refusal_words
from sync.stages.provision import PropertyTypeMismatch


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command by name, in the order of `--help`."""
    for name, (module, _) in COMMANDS.items():
        command = getattr(importlib.import_module(module), f"{name}_command")
        if isinstance(command, click.Group):
            yield from ((f"{name} {part}", one) for part, one in command.commands.items())
        else:
            yield name, command


def error_types() -> list[type[errors.WarmlineError]]:
    """Every error that can end a command or leave a record out, as declared."""
    declared = [one for one in vars(errors).values() if inspect.isclass(one) and issubclass(one, errors.WarmlineError)]
    return [*declared, PropertyTypeMismatch]


def command_table() -> str:
    return table(("command", "what it does"), [(f"`{name}`", text) for name, (_, text) in COMMANDS.items()])


def command_options() -> str:
    return "\n\n".join(_command(name, command) for name, command in commands())


def _command(name: str, command: click.Command) -> str:
    about, _, example = inspect.cleandoc(command.help or "").partition("\b\n")
    parts = [f"### `{name}`", sentences(about)]
    if example:
        parts.append(f"```\n{example.strip()}\n```")
    arguments = [one for one in command.params if isinstance(one, click.Argument)]
    if arguments:
        usage = " ".join(one.make_metavar(click.Context(command)) for one in arguments)
        parts.append(f"Usage: `warmline {name} {usage}`")
    rows = [_option(name, one) for one in command.params if isinstance(one, click.Option)]
    if rows:
        parts.append(table(("option", "value", "default", "meaning"), rows))
    return "\n\n".join(parts)


def _option(command: str, option: click.Option) -> tuple[str, str, str, str]:
    names = ", ".join(f"`{one}`" for one in option.opts)
    value = "" if option.is_flag else f"`{option.make_metavar(click.Context(click.Command(command)))}`"
    default = f"`{option.default}`" if option.show_default and option.default is not None else ""
    return names, value, default, option.help or words("words.toml")["options"][f"{command} {option.opts[0]}"]


def error_classes() -> str:
    told = words("words.toml")["errors"]
    rows = [
        (f"`{one.__name__}`", _exit(one), _first_line(one), told[one.__name__])
        for one in error_types()
        if one.__name__ in told
    ]
    return table(("error", "exit code", "what it means", "what to do"), rows)


def _exit(one: type[errors.WarmlineError]) -> str:
    return "none: the run goes on" if issubclass(one, errors.SkippableError) else str(one.exit_code)


def _first_line(one: type) -> str:
    return inspect.cleandoc(one.__doc__ or "").split("\n\n")[0].replace("\n", " ")


def refusals() -> str:
    told = words("words.toml")["refusals"]
    rows = [(f"`{one.value}`", refusal_words(one, "nl"), refusal_words(one, "en"), told[one.value]) for one in Refusal]
    return table(("refusal", "Dutch", "English", "ends when"), rows)


def plays() -> str:
    told = words("words.toml")["plays"]
    return table(("play", "asks for a task when"), [(f"`{name}`", told[name]) for name in PLAYS])


def bands() -> str:
    told = words("words.toml")["bands"]
    rows = [(f"`{one.value}`", band_word(one, "nl"), band_word(one, "en"), told[one.value]) for one in Band]
    return table(("band", "Dutch", "English", "meaning"), rows)


def outbox_states() -> str:
    told = words("words.toml")["outbox"]
    return table(("state", "meaning"), [(f"`{one.value}`", told[one.value]) for one in OutboxState])


def write_kinds() -> str:
    told = words("words.toml")["writes"]
    return table(("kind", "meaning"), [(f"`{one.value}`", told[one.value]) for one in ActionKind])


def touch_kinds() -> str:
    told = words("words.toml")["kinds"]
    kinds = load_defaults()["score"]["kinds"]
    rows = [(f"`{name}`", kind_word(name, "nl"), kind_word(name, "en"), told[name]) for name in kinds]
    return table(("kind", "Dutch", "English", "seen through"), rows)

"""What templates may use."""

from __future__ import annotations

from config.wording import variables
from docs.render.markdown import table
from sync.core.wording_check import Variable

_HEAD = ("variable", "what it is", "empty when", "an invented value")


def variables_table() -> str:
    """The variables of every task about a person, then those each template has besides."""
    shared = variables()["task"]
    parts = ["Every template about one person:", _rows(shared)]
    for name, known in variables().items():
        own = {key: one for key, one in known.items() if shared.get(key) is not one}
        if own:
            alone = "" if shared.keys() <= known.keys() else ", which is not about one person, and has only these"
            parts += [f"`{name}`{alone}:", _rows(own)]
    return "\n\n".join(parts)


def _rows(known: dict[str, Variable]) -> str:
    return table(
        _HEAD, [(f"`{name}`", one.means, _empty(one), f"`{_said(one.sample)}`") for name, one in known.items()]
    )


def _empty(one: Variable) -> str:
    return "never" if one.always else "" if isinstance(one.sample, bool) else one.empty


def _said(sample: object) -> str:
    if isinstance(sample, bool):
        return "yes" if sample else "no"
    if isinstance(sample, list):
        return "; ".join(_said(one) for one in sample)
    if isinstance(sample, dict):
        return ", ".join(f"{key}: {_said(one)}" for key, one in sample.items())
    return str(sample)

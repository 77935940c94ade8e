"""The command line: one module a noun; with `web`, the only place that reads the clock.

Every click command at the top of a module of this package is a command of `survey`.
"""

import pkgutil
from importlib import import_module

import click

from survey.cli.context import Commands
from survey.i18n import LANGUAGES

__all__ = ["commands", "main"]


def _gathered() -> tuple[click.Command, ...]:
    modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    found = {
        thing.name: thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, click.Command) and thing.name
    }
    return tuple(found[name] for name in sorted(found))


commands: tuple[click.Command, ...] = _gathered()

main = Commands(
    "survey",
    commands=commands,
    help="Why people work, asked without harm.",
    params=[
        click.Option(["--lang"], type=click.Choice(LANGUAGES), help="Language of messages (default: the terminal's).")
    ],
)

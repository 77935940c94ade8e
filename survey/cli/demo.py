"""`survey demo`: a company that does not exist, filled in once, and served."""

import os
import shutil
from pathlib import Path
from typing import Final

import click
import msgspec

from survey import database
from survey.cli import context
from survey.cli.installation import make_home, make_secret
from survey.cli.serve import serve
from survey.demo.fill import fill
from survey.mail import post_for
from survey.migrations import upgrade
from survey.services.invitations.sending import Outbox
from survey.settings import Settings

SIGN_INS: Final = "sign-ins.json"


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--fill-only", is_flag=True, help="Make the company and stop, without serving it.")
def demo(port: int, fill_only: bool) -> None:  # noqa: FBT001 - click passes a flag as a bool
    """Make the demo company in var/demo (or SURVEY_HOME) on the first run, and serve it on this machine."""
    home = Path(os.environ.get("SURVEY_HOME", "var/demo")).absolute()
    address = f"http://127.0.0.1:{port}"
    if not (home / SIGN_INS).exists():
        _make(home, address)
    settings = _settings(home, address)
    _show(address, home, msgspec.json.decode((home / SIGN_INS).read_bytes(), type=dict[str, str]))
    if not fill_only:
        serve(settings, "127.0.0.1", port)


def _make(home: Path, address: str) -> None:
    """Fill a folder beside the final one and rename it, so that an interrupted run leaves no half company."""
    part = home.with_name(f"{home.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    make_home(part)
    settings = _settings(part, address)
    make_secret(settings.secret_path)
    opened = database.engine(settings.database_url)
    try:
        upgrade(opened)
        context.say("Filling the demo company: five waves of about 1,200 people ...")
        outbox = Outbox(part, address, post_for(settings))
        sign_ins = fill(opened, outbox, context.now(), context.say)
    finally:
        opened.dispose()
    (part / SIGN_INS).touch(mode=0o600)
    (part / SIGN_INS).write_bytes(msgspec.json.encode(sign_ins))
    shutil.rmtree(home, ignore_errors=True)
    part.rename(home)


def _settings(home: Path, address: str) -> Settings:
    return Settings.from_environment({"SURVEY_HOME": str(home), "SURVEY_URL": address})


def _show(address: str, home: Path, sign_ins: dict[str, str]) -> None:
    codes = sign_ins.pop("codes").split()
    context.say(f"\nThe product with its demo company:\n\n  {address}/\n\nSign in as")
    for email, password in sign_ins.items():
        context.say(f"  {email:<22} {password}")
    context.say(f"\nAnswer as an employee: {address}/s with one of these codes, each good for once")
    context.say(
        "".join(f"  {code}\n" for code in codes) + f"\nThe letters of the open wave are files in {home / 'letters'}"
    )

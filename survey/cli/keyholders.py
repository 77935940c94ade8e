"""Keyholders of sealed waves: keys are made, the public ones registered, and a closed wave is unsealed with one."""

import os
from pathlib import Path

import click
from nacl.public import PrivateKey

from survey.cli import context
from survey.i18n import Refused, Sentence, day
from survey.services.invitations import invitations
from survey.services.sealing import key_text, keyholders, unsealing


@click.command("make-key")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def make_key(file: Path) -> None:
    """Make a keyholder's pair of keys: the private one goes into FILE, the public one is printed.

    Run it on the keyholder's own machine; it needs no installation.
    """
    if file.resolve().is_relative_to(context.settings().home.resolve()):
        raise Refused("A keyholder's key does not belong into this installation's folder. Choose a place away from it.")
    key = PrivateKey.generate()
    _write_once(file, key_text.text_of(key))
    public = bytes(key.public_key)
    context.say(Sentence("Wrote the private key to %(file)s. Keep it, and a copy of it elsewhere.", {"file": file}))
    context.say(Sentence("Public key, to be registered: %(key)s", {"key": key_text.public_text(public)}))
    context.say(Sentence("Fingerprint, to compare: %(mark)s", {"mark": key_text.fingerprint(public)}))


@click.command("add-keyholder")
@click.option("--name", required=True, help="Who keeps the key, such as Works council.")
@click.option("--public-key", required=True, metavar="KEY", help="As survey make-key has printed it.")
def add_keyholder(name: str, public_key: str) -> None:
    """Register a keyholder; waves that open from now on can be unsealed with this key."""
    with context.writing() as session:
        holder = keyholders.add(session, name, public_key, context.now())
    facts: dict[str, object] = {"name": holder.name, "mark": holder.fingerprint}
    context.say(Sentence("%(name)s is a keyholder. Compare the fingerprint with theirs: %(mark)s", facts))


@click.command("keyholders")
def list_keyholders() -> None:
    """List the keyholders, and which waves each can open."""
    with context.reading() as session:
        for holder in keyholders.keyholders(session):
            since = day(holder.added_on, context.language())
            context.say(f"{holder.fingerprint}  {holder.name}  {since}  {' '.join(holder.waves)}".rstrip())


@click.command("remove-keyholder")
@click.option("--name", required=True)
def remove_keyholder(name: str) -> None:
    """Take a keyholder off the list; refused while a wave sealed for that key waits to be unsealed."""
    with context.writing() as session:
        holder = keyholders.remove(session, keyholders.named(session, name).id, context.now())
    context.say(Sentence("%(name)s is no keyholder any more.", {"name": holder.name}))


@click.command("unseal")
@click.option("--wave", "code", required=True, metavar="CODE", help="A closed wave, such as 2026-Q4.")
@click.option("--key", "file", type=click.Path(dir_okay=False, exists=True, path_type=Path), required=True)
@click.option("--without-damaged", is_flag=True, help="Go on where sealed answers are damaged; they are lost for good.")
def unseal(code: str, file: Path, without_damaged: bool) -> None:  # noqa: FBT001 - click passes a flag
    """Open a sealed wave with the private key of any one keyholder, and destroy the wave's own key."""
    with context.writing() as session:
        damaged = unsealing.unseal(session, code, file.read_bytes(), context.now(), without_damaged=without_damaged)
    with context.writing() as session:  # only what is committed may cost older backups their key
        invitations.settle(session, code, context.settings().keys, context.now())
    if damaged:
        context.say(Sentence("%(count)s damaged answers were set aside; they are lost.", {"count": damaged}))
    context.say(Sentence("Wave %(wave)s is unsealed. Publish it with: survey publish --wave %(wave)s", {"wave": code}))


def _write_once(file: Path, text: str) -> None:
    """Write a file that only its owner can read, and never over another one."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(
            "%(file)s is there already, and a key is never overwritten. Name another file.", file=file
        ) from None
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())

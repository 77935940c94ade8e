"""Backups that forget, and their way back."""

from pathlib import Path

import click

from survey import database
from survey.cli import context
from survey.cli.installation import make_home, make_secret
from survey.i18n import Sentence
from survey.migrations import current, newest, require_newest, revisions, upgrade
from survey.services import here
from survey.services.backups import backups, restoring
from survey.services.backups.restoring import Restored


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write everything into one FILE; what people said only under keys that are destroyed on time."""
    home = context.settings().keys
    with context.engine() as engine:
        made = backups.backup(engine, home, file.absolute(), newest(), context.now())
    context.say(Sentence("Wrote %(file)s.", {"file": file}))
    context.say(Sentence("Its digest is %(digest)s; the audit log has it too.", {"digest": made.digest}))
    if made.keys:
        facts: dict[str, object] = {"waves": ", ".join(made.keys), "folder": home / "keys" / "backup"}
        context.say(
            Sentence(
                "Answers of %(waves)s come back only with the keys in %(folder)s. Mirror that folder to another place, "
                "so that a key that is destroyed here goes there as well; copy no other key.",
                facts,
            )
        )


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--keys",
    "copies",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the copies of the keys (default: only those of SURVEY_HOME).",
)
def restore(file: Path, copies: Path | None) -> None:
    """Put a backup back into an empty installation, and do at once what is due by now."""
    settings = context.settings()
    make_home(settings.home)
    make_home(settings.keys)
    make_secret(settings.secret_path)
    opened = database.engine(settings.database_url)
    try:
        made_with = restoring.revision_of(file, revisions())
        if not current(opened):
            upgrade(opened, made_with)
        elif made_with == newest():
            require_newest(opened)
        restored = restoring.restore(
            opened,
            settings.keys,
            file,
            context.now(),
            revision=current(opened),
            copies=copies,
            then=lambda: upgrade(opened),
        )
    finally:
        opened.dispose()
    _tell(restored)


def _tell(restored: Restored) -> None:
    made = {"made": here.moment(restored.made_at, context.language(), here.UTC)}
    context.say(Sentence("The backup of %(made)s is restored. Everybody signs in again.", {**made}))
    for wave in restored.without:
        context.say(
            Sentence("The answers of wave %(wave)s did not come back: their key does not exist here.", {"wave": wave})
        )
    for wave in restored.closed:
        context.say(
            Sentence(
                "Wave %(wave)s was open. Without its key no code is good any more, so it is closed now: plan another.",
                {"wave": wave},
            )
        )
    for sentence in restored.done.sentences():
        context.say(sentence)

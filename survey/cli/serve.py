"""The web server."""

import click
import waitress

from survey.cli import context
from survey.i18n import Refused
from survey.settings import Settings
from survey.web.factory import LARGEST_FORM, create_app


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--threads", default=8, show_default=True, help="Requests answered at the same time.")
def serve_command(host: str, port: int, threads: int) -> None:
    """Serve the pages until interrupted."""
    with context.engine():
        pass  # says at once, and in a sentence, if the database cannot be used
    serve(context.settings(), host, port, threads)


def serve(settings: Settings, host: str, port: int, threads: int = 8) -> None:
    """Serve an installation until interrupted."""
    app = create_app(settings)
    try:
        server = waitress.create_server(
            app, host=host, port=port, threads=threads, ident="", max_request_body_size=LARGEST_FORM
        )
    except OSError as error:
        raise Refused(
            "Cannot listen on %(host)s, port %(port)s (%(why)s). Choose another port with --port.",
            host=host,
            port=port,
            why=error.strerror,
        ) from error
    click.echo(f"http://{host}:{port}")
    server.run()

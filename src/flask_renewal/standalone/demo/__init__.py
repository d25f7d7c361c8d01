"""`flask --app wsgi demo`: an API and a browser app on another origin, to look at what renewal does.

Both run here, on an instance that is thrown away; the application that the command was started from, its database and
its keys are not touched. Nothing outside this package imports it but `wsgi.py`, which adds the command.
"""

import tempfile
from pathlib import Path

import click

from .serving import Demo

API_PORT = 5000
APP_PORT = 5173


@click.command("demo")
@click.option("--port", default=API_PORT, show_default=True, help="Port of the API.")
@click.option("--app-port", default=APP_PORT, show_default=True, help="Port of the sample app.")
def demo(port: int, app_port: int) -> None:
    """Serve an API and a sample app on two origins, for example: flask --app wsgi demo

    A port that is taken is replaced by a free one. Everything is forgotten at the end.
    """
    with (
        tempfile.TemporaryDirectory(prefix="flask-renewal-demo-") as folder,
        Demo(Path(folder), port=port, app_port=app_port) as running,
    ):
        click.echo(f"The sample app is running: {running.app_url}/ (Ctrl+C stops it)")
        click.echo(f"It calls the API on another origin: {running.api_url}/")
        running.wait()

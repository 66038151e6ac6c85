"""``python -m jishi.project.stream``: what ``jishi serve`` starts beside itself, without loading the rooms."""

import click

from jishi.project import environment
from jishi.project.stream.serving import run


@click.command()
@click.option("--host", required=True)
@click.option("--port", required=True, type=int)
@click.option("--parent", default=0)
def main(host: str, port: int, parent: int) -> None:
    """Serve the live stream."""
    run(environment.read(), host, port, parent)


main()

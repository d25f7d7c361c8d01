"""What Alembic runs for `flask --app wsgi db …`, and for an application that keeps its tables itself."""

from alembic import context
from flask import current_app

from flask_renewal.standalone.schema import locked

_migrate = current_app.extensions["migrate"]


def run_offline() -> None:
    """Print the SQL instead of running it: `flask --app wsgi db upgrade --sql`."""
    url = _migrate.db.engine.url.render_as_string(hide_password=False)
    context.configure(url=url, target_metadata=_migrate.db.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Run all revisions in one transaction, while whoever wants to do the same waits."""
    with locked(_migrate.db.engine) as connection:
        context.configure(connection=connection, target_metadata=_migrate.db.metadata, **_migrate.configure_args)
        context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()

"""Alembic's environment: it runs on the connection it is handed, in the transaction that is open there."""

from alembic import context

from ledgers.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()

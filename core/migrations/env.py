"""数据库升级: hands alembic the connection on which the upgrade runs."""

from alembic import context

from core.database import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()

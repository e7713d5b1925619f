"""数据库升级: hands alembic the connection on which the upgrade runs, with no view in its way."""

from alembic import context

from core.database import metadata
from core.views import drop_views, make_views

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)


def is_of_this_version() -> bool:
    """Tell whether the tables are those that the views are made for."""
    return context.get_context().get_current_revision() == context.get_head_revision()


with context.begin_transaction():
    if not is_of_this_version():
        drop_views(connection)
    context.run_migrations()
    if is_of_this_version():
        make_views(connection)

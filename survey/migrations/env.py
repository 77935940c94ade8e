"""What Alembic runs for each command: on the connection and in the transaction of `survey.migrations.upgrade`."""

from alembic import context

from survey.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()

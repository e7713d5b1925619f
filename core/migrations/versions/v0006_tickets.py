"""工单: fields, history, tasks, clocks."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Change nothing yet."""

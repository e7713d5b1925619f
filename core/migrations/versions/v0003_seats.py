"""座席状态: states, their history, the audit of what supervisors did."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Change nothing yet."""

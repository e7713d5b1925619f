"""回访: visits, satisfaction, circulars, channels."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Change nothing yet."""

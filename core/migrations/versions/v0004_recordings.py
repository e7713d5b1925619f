"""录音目录: pieces and gaps, who listened, legal holds."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Change nothing yet."""

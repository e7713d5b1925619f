"""只读视图: v_calls, v_segments, v_recordings, v_tickets for other programs."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Change nothing yet."""

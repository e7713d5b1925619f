"""话单底账: sightings, segments, offers, gaps."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Change nothing yet."""

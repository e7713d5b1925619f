"""只读视图: nothing to do here, because views are made anew behind the last step (``core/views.py``)."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Change nothing: a view made here would stand in the way of the steps that follow."""

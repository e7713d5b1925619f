"""容差: how far what is known may be from what happened and still be the same instant."""

from datetime import timedelta

TOLERANCE = timedelta(seconds=1)
"""What was read back from Asterisk's own logs has whole seconds."""

"""队列日志: writes ``queue_log`` as app_queue does, whole seconds and all."""

from collections.abc import Callable
from pathlib import Path


class QueueLogFile:
    """Appends lines ``time|call|queue|seat|event|data…``."""

    def __init__(self, file: Path, seconds: Callable[[], int]) -> None:
        """``seconds`` gives the present second since 1970."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file.open("a", encoding="utf-8", buffering=1)
        self._seconds = seconds

    def write(self, call_id: str, queue: str, seat: str, event: str, *data: object) -> None:
        """Write one line; it can be read at once."""
        told = [str(self._seconds()), call_id, queue, seat, event, *map(str, data)]
        self._file.write("|".join(told) + "\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

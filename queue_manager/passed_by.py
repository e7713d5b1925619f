"""漏接警戒: a waiting citizen whom so many later ones have passed is perhaps not there any more.

An event that was lost would otherwise leave a ghost in the queue for hours. Whoever is suspected is looked
for in Asterisk; a priority may have passed him by, so that alone ends no call.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.ids import CallId, QueueName
from queue_manager.model import CallStory

PASSED = 5
"""So many later callers of the same queue were answered."""


@dataclass(slots=True, kw_only=True)
class _Waiting:
    queue: QueueName
    since: datetime
    passed: int = 0


class PassedBy:
    """Counts, for each waiting citizen, who came later and was answered before him."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._waiting: dict[CallId, _Waiting] = {}

    def take(self, changed: Iterable[CallStory]) -> list[CallId]:
        """Take what changed; gives those who have just been passed by once too often, each once."""
        suspects: list[CallId] = []
        for story in changed:
            last = story.segments[-1] if story.segments else None
            waiting = self._waiting.pop(story.call.call_id, None)
            if last is None or last.queued_at is None or story.call.gone_at is not None:
                continue
            if last.answered_at is not None:
                suspects += self._passed(last.queue, last.queued_at)
            elif last.ended_at is None:
                same = waiting is not None and (waiting.queue, waiting.since) == (last.queue, last.queued_at)
                self._waiting[story.call.call_id] = (
                    waiting if same and waiting else _Waiting(queue=last.queue, since=last.queued_at)
                )
        return suspects

    def _passed(self, queue: QueueName, since: datetime) -> list[CallId]:
        passed = [(c, w) for c, w in self._waiting.items() if w.queue == queue and w.since < since]
        for _, waiting in passed:
            waiting.passed += 1
        return [call_id for call_id, waiting in passed if waiting.passed == PASSED]

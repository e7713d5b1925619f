"""技能组成员: the queues' members and their telephones, with app_queue's own rules of who is rung next."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from simulator.day.exchange import Exchange

if TYPE_CHECKING:
    from simulator.day.stay import Stay

PENALTY_WEIGHT = 1_000_000


class DeviceState(IntEnum):
    """状态: what Asterisk knows of a telephone, with app_queue's numbers."""

    NOT_IN_USE = 1
    BUSY = 3
    """Ringing or talking: the seats' endpoints are busy at one call (``device_state_busy_at``)."""
    UNAVAILABLE = 5


@dataclass(slots=True, kw_only=True, eq=False)
class Member:
    """A telephone in one queue."""

    queue: str
    interface: str
    name: str
    penalty: int = 0
    paused: bool = False
    reason: str = ""
    calls: int = 0
    last_call: int = 0
    last_pause: int = 0
    login_time: int = 0
    talks_since: int = 0
    place: int = 0
    """For round robin: the order in which members came."""

    def headers(self, status: DeviceState) -> str:
        """Give the member's part of a QueueMember… event."""
        return (
            f"Queue: {self.queue}\r\nMemberName: {self.name}\r\nInterface: {self.interface}\r\n"
            f"StateInterface: {self.interface}\r\nMembership: dynamic\r\nPenalty: {self.penalty}\r\n"
            f"CallsTaken: {self.calls}\r\nLastCall: {self.last_call}\r\nLastPause: {self.last_pause}\r\n"
            f"LoginTime: {self.login_time}\r\nInCall: {int(bool(self.talks_since))}\r\n"
            f"Status: {int(status)}\r\nPaused: {int(self.paused)}\r\nPausedReason: {self.reason}\r\n"
            "Ringinuse: 0\r\nWrapuptime: 0\r\n"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRules:
    """What queues.conf says of a queue; seconds."""

    strategy: str = "leastrecent"
    timeout: int = 15
    retry: int = 1
    wrapuptime: int = 0
    weight: int = 0
    autofill: bool = False
    """Citizens are served side by side; without it only the first of a queue is."""
    needs_telephone: bool = False
    """``joinempty`` and ``leavewhenempty`` name ``unavailable``: nobody waits for what is unplugged."""


class LongestFirst(StrEnum):
    """``force_longest_waiting_caller``: whether one order holds over all queues that a telephone serves."""

    NO = "no"
    YES = "yes"
    PRIO = "prio"
    """By priority first, as within a queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralRules:
    """What queues.conf says of all queues."""

    longest_first: LongestFirst = LongestFirst.NO
    shared_lastcall: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class CallQueue:
    """技能组: who waits, in order, and who serves."""

    name: str
    rules: QueueRules
    members: dict[str, Member] = field(default_factory=dict)
    waiting: "list[Stay]" = field(default_factory=list)
    round_robin: int = 0
    came: int = 0


class Switchroom:
    """全部技能组: every queue and every telephone of the exchange."""

    def __init__(
        self, exchange: Exchange, queues: dict[str, QueueRules], general: GeneralRules | None = None
    ) -> None:
        """Begin with no members; without ``general`` as Asterisk does when nothing is said."""
        self.exchange = exchange
        self.general = general or GeneralRules()
        self.queues = {name: CallQueue(name=name, rules=rules) for name, rules in queues.items()}
        self.devices: dict[str, DeviceState] = {}
        self.being_tried: set[str] = set()
        self.on_duty: Callable[[str, datetime, bool], None] = lambda _interface, _at, _there: None
        """Told when a telephone comes into its first queue, and when it is in no queue any more."""
        self._serves: dict[str, dict[str, Member]] = {}
        """The queues' memberships by telephone: a hotline has far more queues than one serves."""

    def members_of(self, interface: str) -> tuple[Member, ...]:
        """Give the telephone's memberships."""
        return tuple(self._serves.get(interface, {}).values())

    def state_of(self, interface: str) -> DeviceState:
        """Give what is known of a telephone."""
        return self.devices.get(interface, DeviceState.UNAVAILABLE)

    def change_device(self, interface: str, state: DeviceState) -> None:
        """A telephone rings, talks, is put down, is unplugged."""
        if self.devices.get(interface) is state:
            return
        self.devices[interface] = state
        self.being_tried.discard(interface)
        for member in self.members_of(interface):
            self.exchange.tell("QueueMemberStatus", "agent", member.headers(state))
        self.look_again()

    def add(self, queue: str, member: Member) -> bool:
        """QueueAdd or AddQueueMember; False when it is in already."""
        known = self.queues[queue].members
        if member.interface in known:
            return False
        self.queues[queue].came += 1
        member.place = self.queues[queue].came
        member.login_time = self.exchange.seconds()
        known[member.interface] = member
        serves = self._serves.setdefault(member.interface, {})
        serves[queue] = member
        at = self._told("QueueMemberAdded", member)
        if len(serves) == 1:
            self.on_duty(member.interface, at, True)
        self.look_again()
        return True

    def remove(self, queue: str, interface: str) -> Member | None:
        """QueueRemove or RemoveQueueMember; None when it was not in."""
        member = self.queues[queue].members.pop(interface, None)
        if member is not None:
            del self._serves[interface][queue]
            at = self._told("QueueMemberRemoved", member)
            if not self._serves[interface]:
                self.on_duty(interface, at, False)
        return member

    def pause(self, member: Member, reason: str, *, paused: bool) -> None:
        """QueuePause; told even when nothing changed, as Asterisk does."""
        member.paused = paused
        member.reason = reason
        if paused:
            member.last_pause = self.exchange.seconds()
        kind = "PAUSE" if paused else "UNPAUSE"
        self.exchange.queue_log.write("NONE", member.queue, member.name, kind, reason)
        self._told("QueueMemberPause", member)
        if not paused:
            member.reason = ""
        self.look_again()

    def change_penalty(self, member: Member, penalty: int) -> None:
        """QueuePenalty."""
        member.penalty = penalty
        self.exchange.queue_log.write("NONE", member.queue, member.interface, "PENALTY", penalty)
        self._told("QueueMemberPenalty", member)

    def is_available(self, member: Member) -> bool:
        """Whether app_queue counts the member as able to take a call."""
        return (
            self.state_of(member.interface) is DeviceState.NOT_IN_USE
            and not member.paused
            and not self._wraps_up(member)
        )

    def is_deserted(self, queue: CallQueue) -> bool:
        """Whether nobody may wait here, because no member's telephone is there."""
        return queue.rules.needs_telephone and all(
            self.state_of(interface) is DeviceState.UNAVAILABLE for interface in queue.members
        )

    def may_ring(self, stay: "Stay", member: Member) -> bool:
        """Whether the telephone may ring for this citizen now: can_ring_entry."""
        return (
            self.is_available(member)
            and member.interface not in self.being_tried
            and not self._is_wanted_more(stay, member)
            and self._is_longest_waiting(stay, member)
        )

    def metric(self, queue: CallQueue, member: Member) -> int:
        """Lower is rung first: calc_metric."""
        first = 0
        if queue.rules.strategy == "leastrecent" and member.last_call:
            first = 1_000_000 - (self.exchange.seconds() - member.last_call)
        elif queue.rules.strategy in ("rrmemory", "rrordered"):
            first = member.place if member.place >= queue.round_robin else 1000 + member.place
        return first + member.penalty * PENALTY_WEIGHT

    def note_call(self, queue: str, interface: str) -> None:
        """A talk is over: with shared_lastcall all memberships of the telephone count it: update_queue."""
        for member in self.members_of(interface):
            if self.general.shared_lastcall or member.queue == queue:
                member.last_call = self.exchange.seconds()
                member.calls += 1
            if member.queue == queue:
                member.talks_since = 0

    def look_again(self) -> None:
        """Wake those whose turn it may be now; they look at their next full second, as app_queue does."""
        for queue in self.queues.values():
            if queue.waiting:
                able = self._able(queue)
                idle = [stay for stay in queue.waiting if not stay.pending]
                for stay in idle if self.is_deserted(queue) else idle[:able]:
                    stay.look.set()

    def is_turn(self, stay: "Stay") -> bool:
        """Whether so many members are free that this citizen can be served: is_our_turn."""
        able = self._able(stay.queue)
        before = 0
        for other in stay.queue.waiting:
            if other is stay:
                return before < able
            before += not other.pending
            if before >= able:
                return False
        return False

    def _wraps_up(self, member: Member) -> bool:
        wrapuptime = self.queues[member.queue].rules.wrapuptime
        return bool(
            wrapuptime and member.last_call and self.exchange.seconds() - member.last_call < wrapuptime
        )

    def _is_wanted_more(self, stay: "Stay", member: Member) -> bool:
        """Another queue of more weight needs the telephone: compare_weight."""
        return any(
            queue.rules.weight > stay.queue.rules.weight and 0 < len(queue.waiting) >= self._able(queue)
            for queue in self.served_by(member.interface)
        )

    def _is_longest_waiting(self, stay: "Stay", member: Member) -> bool:
        """With ``force_longest_waiting_caller`` nobody in another queue of the telephone comes first."""
        if self.general.longest_first is LongestFirst.NO:
            return True
        for queue in self.served_by(member.interface):
            if queue is stay.queue or queue.rules.weight != stay.queue.rules.weight:
                continue
            first = next((other for other in queue.waiting if not other.pending), None)
            if first is not None and self._comes_before(first, stay):
                return False
        return True

    def _comes_before(self, one: "Stay", other: "Stay") -> bool:
        if self.general.longest_first is LongestFirst.PRIO and one.priority != other.priority:
            return one.priority > other.priority
        return one.since < other.since

    def _able(self, queue: CallQueue) -> int:
        """Count who can take a call: num_available_members."""
        able = sum(map(self.is_available, queue.members.values()))
        return able if queue.rules.autofill else min(able, 1)

    def served_by(self, interface: str) -> Iterator[CallQueue]:
        """Give the queues that a telephone serves."""
        return (self.queues[name] for name in self._serves.get(interface, {}))

    def _told(self, event: str, member: Member) -> datetime:
        return self.exchange.tell(event, "agent", member.headers(self.state_of(member.interface)))

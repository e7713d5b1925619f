"""镜像: what Asterisk's queues look like, from what it told when asked and from its events since."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from core.ids import QueueName, SeatNo
from queue_manager.projection import Membership, Memberships, seat_at
from queue_manager.readings import instant, whole

Event = Mapping[str, str]
"""Header names in lower case."""

NOT_IN_USE = 1
INVALID = 4
UNAVAILABLE = 5
BUSY, AWAY = "占线", "话机不在"
HINDRANCES = {2: BUSY, 3: BUSY, 6: "响铃", 7: BUSY, 8: BUSY, INVALID: AWAY, UNAVAILABLE: AWAY}
"""Device states, with Asterisk's numbers, in which a ready seat cannot be rung."""
STAMPS = ("logintime", "lastpause", "lastcall")
TOLD_BY_EVENT = (
    "QueueMemberAdded",
    "QueueMemberRemoved",
    "QueueMemberPause",
    "QueueMemberPenalty",
    "QueueMemberStatus",
)


class Mirror:
    """Which seat is a member where, and what Asterisk knows of its telephone."""

    def __init__(self) -> None:
        """Begin knowing nothing."""
        self._members: dict[SeatNo, dict[QueueName, Membership]] = {}
        self._devices: dict[SeatNo, tuple[int, datetime]] = {}
        self._stamps: dict[tuple[SeatNo, str], datetime] = {}
        self.touched: set[SeatNo] = set()
        """Of whom :meth:`of` may give something else since whoever looks after them emptied this."""
        self.strangers: set[str] = set()
        """Members that are no telephone of a seat."""

    def of(self, seat: SeatNo) -> Memberships:
        """Give where a seat is a member; a copy."""
        return dict(self._members.get(seat, {}))

    def seats(self) -> tuple[SeatNo, ...]:
        """Give every seat that is a member somewhere."""
        return tuple(self._members)

    def put(self, seat: SeatNo, members: Memberships) -> None:
        """Take over what was just made so."""
        self.touched.add(seat)
        self._members[seat] = dict(members)
        if not members:
            del self._members[seat]

    def device_of(self, seat: SeatNo) -> int:
        """Give the state of its telephone, 0 when nothing is known."""
        return self._devices.get(seat, (0, None))[0]

    def hindrance_of(self, seat: SeatNo) -> str:
        """Say why the telephone cannot be rung; empty when it can."""
        return HINDRANCES.get(self.device_of(seat), "")

    def is_away(self, seat: SeatNo) -> bool:
        """Whether the telephone cannot be reached."""
        return self.device_of(seat) in (INVALID, UNAVAILABLE)

    def idle_since(self, seat: SeatNo) -> datetime | None:
        """Give since when the telephone lies on its rest; None when it does not, or nobody knows."""
        state, since = self._devices.get(seat, (0, None))
        return since if state == NOT_IN_USE else None

    def stamp_of(self, seat: SeatNo, header: str) -> datetime | None:
        """Give ``logintime``, ``lastpause`` or ``lastcall`` as last asked, to the second; None for never."""
        return self._stamps.get((seat, header))

    def looked(self, answers: Iterable[Event], at: datetime) -> None:
        """Take over the answers to QueueStatus."""
        self.touched |= self._members.keys()
        self._members = {}
        self._stamps = {}
        self.strangers = set()
        for answer in answers:
            if answer.get("event") == "QueueMember":
                self._take(answer, answer.get("location", ""), answer.get("name", ""), at)
                self._note_stamps(answer)

    def heard(self, event: Event, at: datetime) -> SeatNo | None:
        """Take over an event; gives the seat that it is about, None when it is about none."""
        name, interface = event.get("event", ""), event.get("interface", "")
        seat = seat_at(interface)
        if name not in TOLD_BY_EVENT or seat is None:
            return None
        if name == "QueueMemberRemoved":
            self._forget(seat, QueueName(event.get("queue", "")))
        elif name == "QueueMemberStatus":
            # it may be a moment older than what was changed since: only the telephone's state counts
            self._note_device(seat, event, at)
        else:
            self._take(event, interface, event.get("membername", ""), at)
        return seat

    def _take(self, event: Event, interface: str, name: str, at: datetime) -> None:
        seat = seat_at(interface)
        if seat is None:
            self.strangers.add(interface)
            return
        self.touched.add(seat)
        paused = event.get("paused") == "1"
        self._members.setdefault(seat, {})[QueueName(event.get("queue", ""))] = Membership(
            name=name,
            penalty=whole(event.get("penalty", "")),
            paused=paused,
            reason=event.get("pausedreason", "") if paused else "",
        )
        self._note_device(seat, event, at)

    def _forget(self, seat: SeatNo, queue: QueueName) -> None:
        self.touched.add(seat)
        members = self._members.get(seat, {})
        members.pop(queue, None)
        if not members:
            self._members.pop(seat, None)

    def _note_stamps(self, answer: Event) -> None:
        seat = seat_at(answer.get("location", ""))
        if seat is None:
            return
        for header in STAMPS:
            stamp = instant(answer.get(header, ""))
            if stamp is not None:
                self._stamps[seat, header] = max(stamp, self._stamps.get((seat, header), stamp))

    def _note_device(self, seat: SeatNo, event: Event, at: datetime) -> None:
        state = whole(event.get("status", ""))
        if self.device_of(seat) != state:
            self._devices[seat] = (state, at)


def differences(there: Memberships, must: Memberships) -> str:
    """Say in a hotline's words how a seat's memberships differ from what they must be."""
    told = [f"被移出 {queue}" for queue in must if queue not in there]
    told += [f"被加入 {queue}" for queue in there if queue not in must]
    for queue in there.keys() & must.keys():
        told += (says(there[queue], must[queue]) for says in _COMPARISONS if says(there[queue], must[queue]))
    return "、".join(dict.fromkeys(told))


_COMPARISONS: tuple[Callable[[Membership, Membership], str], ...] = (
    lambda there, must: f"改名为 {there.name}" if there.name != must.name else "",
    lambda there, must: ("被示忙" if there.paused else "被示闲") if there.paused != must.paused else "",
    lambda there, must: (
        f"示忙原因改为 {there.reason}" if there.paused and must.paused and there.reason != must.reason else ""
    ),
    lambda there, must: f"优先级改为 {there.penalty}" if there.penalty != must.penalty else "",
)

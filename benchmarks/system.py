"""被测系统: what a benchmark needs to know of a running hotline."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """做法: one way of handling a call, reached by dialling its number; it greets, then hangs up."""

    name: str
    number: str


class System(Protocol):
    """A running Asterisk with an engine beside it."""

    @property
    def sip(self) -> tuple[str, int]:
        """Where it listens for SIP."""
        ...

    @property
    def caller_ip(self) -> str:
        """An address of this machine from which it takes citizens' calls."""
        ...

    @property
    def variants(self) -> tuple[Variant, ...]:
        """What is compared; the first is the plain dialplan that the others are measured against."""
        ...

    @property
    def processes(self) -> Mapping[str, int]:
        """Process numbers by name, for instance asterisk and engine."""
        ...

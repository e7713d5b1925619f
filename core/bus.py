"""内部广播: tells live facts to whoever in this process listens; nothing is kept here."""

from collections import defaultdict
from collections.abc import Callable

from core.events import Fact

Listener = Callable[[Fact], None]


class Bus:
    """Plain listeners, called at once and in the order in which they began to listen."""

    def __init__(self) -> None:
        """Begin with nobody listening."""
        self._listeners: dict[type[Fact], list[Listener]] = defaultdict(list)

    def listen(self, kind: type[Fact], listener: Listener) -> None:
        """Call ``listener`` for every fact of this kind or of a kind below it."""
        self._listeners[kind].append(listener)

    def tell(self, fact: Fact) -> None:
        """Hand the fact to its listeners; a listener must not block."""
        for kind in type(fact).__mro__:
            for listener in self._listeners.get(kind, ()):
                listener(fact)

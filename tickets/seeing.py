"""可见范围: of which units somebody may see the work orders."""

from tickets.roles import Actor, May, may
from tickets.units import UnitId, UnitTree


def units_seen(actor: Actor, tree: UnitTree) -> frozenset[str] | None:
    """Give his own unit and what lies below it; None: all units, empty: none."""
    if may(actor, May.READ):
        return None
    if not may(actor, May.READ_OWN_UNIT):
        return frozenset()
    own = UnitId(actor.unit)
    return frozenset({own, *(unit.unit_id for _, unit in tree.walk(own))})

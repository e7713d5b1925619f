"""步骤表: what each action does, as pure functions of the work order, the wish and the rules."""

from collections.abc import Callable, Mapping

from tickets import steps_centre as centre
from tickets import steps_dispatch as dispatching
from tickets import steps_intake as intake
from tickets import steps_unit as unit
from tickets.guards import StepRefused, WorkRules
from tickets.invariants import check
from tickets.model import Ticket, TicketState
from tickets.transitions import permitted
from tickets.wish import Action, Wish

Step = Callable[[Ticket, Wish, WorkRules], Ticket]
A = Action
STEPS: Mapping[Action, Step] = {
    A.FILL: intake.edit,
    A.EDIT: intake.edit,
    A.ATTACH: intake.attach,
    A.ANSWER: centre.answer,
    A.SUBMIT: intake.submit,
    A.TAKE_BACK_SUBMIT: intake.to(TicketState.DRAFT),
    A.RETURN: intake.to(TicketState.TO_COMPLETE),
    A.COMPLETE: intake.submit,
    A.DISPATCH: dispatching.dispatch,
    A.TAKE_BACK_DISPATCH: dispatching.take_back,
    A.ADD_UNIT: dispatching.add_unit,
    A.REASSIGN: dispatching.dispatch,
    A.TO_LEADER: intake.to(TicketState.TO_INSTRUCT),
    A.INSTRUCT: dispatching.instruct,
    A.SIGN: dispatching.sign,
    A.REFUSE: dispatching.refuse,
    A.DELEGATE: dispatching.delegate,
    A.PROGRESS: unit.progress,
    A.CONTACT: unit.contact,
    A.ARRIVE: unit.arrive,
    A.ETA: unit.eta,
    A.TASK_DONE: unit.task_done,
    A.RELEASE: dispatching.release,
    A.ASK_EXTENSION: unit.ask,
    A.ASK_PAUSE: unit.ask,
    A.APPROVE: unit.approve,
    A.DECLINE: unit.decline,
    A.RESUME: unit.resume,
    A.DONE: unit.done,
    A.TAKE_BACK_DONE: unit.take_back_done,
    A.UNIT_PASS: unit.unit_pass,
    A.UNIT_BACK: centre.redo,
    A.CONFIRM: centre.confirm,
    A.ACCEPT: centre.accept,
    A.REDO: centre.redo,
    A.VISITED: centre.visited,
    A.NO_ANSWER: centre.no_answer,
    A.DISSATISFIED: centre.dissatisfied,
    A.UNREASONABLE: centre.unreasonable,
    A.APPEAL: centre.appeal,
    A.DECIDE: centre.decide,
    A.LOOK_BACK: centre.look_back,
    A.REOPEN: centre.reopen,
    A.HAND_BACK: centre.hand_back,
    A.WITHDRAW: centre.withdraw,
    A.MERGE: intake.merge,
    A.UNMERGE: intake.unmerge,
    A.CLOSE_WITH: intake.close_with,
    A.OPEN_WITH: intake.open_with,
    A.CONFIDE: intake.confide,
    A.UNCONFIDE: intake.unconfide,
    A.URGE: intake.urge,
    A.SUPERVISE: dispatching.supervise,
    A.COUNT: centre.count,
}


def taken(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """Take one step. Raises StepRefused, or what a clock or the organisation refuses; then nothing changed.

    The version stays: whoever keeps the work order counts it up.
    """
    row = permitted(ticket, wish, rules)
    moved = STEPS[wish.action](ticket, wish, rules)
    if moved.state not in (row.to or (ticket.state,)):
        raise StepRefused(action=wish.action, why=f"不会到{moved.state}")
    check(moved)
    return moved

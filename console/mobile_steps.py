"""手机步骤: which steps are offered on a telephone, and what is typed for each; the desk decides the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import SHANGHAI
from core.errors import HotlineError
from tickets.roles import Actor
from tickets.tasks import Outcome
from tickets.wish import Action, Wish


class FormBroken(HotlineError):
    """提交的内容读不懂:请重新打开页面再填一次。"""


class TimeUnreadable(HotlineError):
    """时间读不懂:请用时间框选, 或写成 2026-05-01T17:30。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """一栏. ``kind``: ``long`` several lines, ``line`` one, ``time`` a date and a time of day."""

    name: str
    title: str
    kind: str = "line"
    hint: str = ""
    needed: bool = True
    sample: str = "样"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """一步: ``words`` stand on the button; ``sample`` is filled in to ask whether the step may be taken."""

    action: Action
    words: str
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """填的: who sends which form, when, and on which version of the work order."""

    actor: Actor
    at: datetime
    version: int | None
    values: Mapping[str, str]


def _long(name: str, title: str, hint: str = "") -> Field:
    return Field(name=name, title=title, kind="long", hint=hint)


DUE = Field(name="due", title="时限", kind="time")
DUE_IF_ANY = Field(name="due", title="时限(可不填)", kind="time", needed=False)
LIMIT = Field(name="limit", title="延多久", hint="例如 3个工作日", sample="1个工作日")
LEAD = Field(name="unit", title="主办单位", hint="编号或名称")
DONE_FIELDS = (
    _long("result", "办理情况", "查到什么、办了什么"),
    Field(name="proof", title="怎样答复来电人", hint="例如 某日某时电话答复"),
    Field(name="head", title="审核签字的单位领导"),
)
REASON = _long("reason", "理由")
FORMS = (
    Form(action=Action.SIGN, words="签收"),
    Form(action=Action.CONTACT, words="记联系情况", fields=(_long("text", "何时怎样联系的, 来电人怎么说"),)),
    Form(action=Action.ARRIVE, words="到场"),
    Form(action=Action.PROGRESS, words="反馈进展", fields=(_long("text", "进展"),)),
    Form(action=Action.DONE, words="办结上报", fields=DONE_FIELDS),
    Form(action=Action.TASK_DONE, words="任务办结", fields=(_long("text", "办理情况"),)),
    Form(action=Action.ASK_EXTENSION, words="申请延期", fields=(LIMIT, REASON)),
    Form(
        action=Action.REFUSE,
        words="退单",
        fields=(REASON, Field(name="clause", title="依据哪一条", hint="例如 职责清单第3条")),
    ),
    Form(action=Action.INSTRUCT, words="批示", fields=(_long("text", "批示意见"), LEAD, DUE)),
    Form(action=Action.SUPERVISE, words="督办", fields=(_long("text", "督办意见"), DUE_IF_ANY)),
    Form(action=Action.APPROVE, words="同意申请"),
    Form(action=Action.DECLINE, words="不同意申请", fields=(REASON,)),
    Form(action=Action.CONFIRM, words="确认办理结果"),
)
BY_ACTION: Mapping[str, Form] = {form.action.value: form for form in FORMS}


def wish_of(form: Form, typed: Typed) -> Wish:
    """Give what is wanted; raises TimeUnreadable. What is missing is for the desk to say."""
    names = {field.name for field in form.fields}
    values = {name: value.strip().replace("\r\n", "\n") for name, value in typed.values.items()}

    def said(name: str) -> str:
        return values.get(name, "") if name in names else ""

    outcome = None
    if form.action is Action.DONE:
        outcome = Outcome(
            at=typed.at, result=said("result"), reply_proof=said("proof"), signed_by_head=said("head")
        )
    return Wish(
        action=form.action,
        actor=typed.actor,
        at=typed.at,
        version=typed.version,
        # What was done stands in the history too.
        text=said("text") or said("result"),
        reason=said("reason"),
        clause=said("clause"),
        limit=said("limit"),
        leads=(said("unit"),) if said("unit") else (),
        due=_instant(said("due")),
        outcome=outcome,
    )


def sample_of(form: Form, actor: Actor, at: datetime, unit: str) -> Wish:
    """Give a whole wish, for asking the desk whether such a one may be had; ``unit`` is any that works."""
    values = {field.name: field.sample for field in form.fields}
    values |= {"unit": unit, "due": (at + timedelta(days=1)).isoformat()}
    return wish_of(form, Typed(actor=actor, at=at, version=None, values=values))


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise TimeUnreadable(told=text) from error
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)

"""接口数据: what other systems send and get, as it stands in the OpenAPI description."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from console.channel_desk import Kind
from tickets.deadlines import CHANNELS
from tickets.model import TicketState
from tickets.transitions import STATES

CLEAN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
"""No control characters besides tabs and line breaks."""
CLEAN_AND_SOMETHING = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"


def _line_breaks(text: object) -> object:
    """Forms send their line breaks the Windows way."""
    return text.replace("\r\n", "\n") if isinstance(text, str) else text


Short = Annotated[str, Field(max_length=200, pattern=CLEAN)]
Long = Annotated[str, BeforeValidator(_line_breaks), Field(max_length=20_000, pattern=CLEAN)]
Content = Annotated[
    str, BeforeValidator(_line_breaks), Field(min_length=1, max_length=20_000, pattern=CLEAN_AND_SOMETHING)
]
Phone = Annotated[str, Field(max_length=20, pattern=r"^[0-9+() -]*$", examples=["13812341234"])]
Key = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]
Number = Annotated[str, Field(pattern=r"^[0-9]{18}$", examples=["260302090000000001"])]
SourceInPath = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{2,32}$", description="密钥名")]
Channel = Literal[CHANNELS]  # type: ignore[valid-type]  # the list is data

StateName = Annotated[str, Field(pattern=f"^({'|'.join(STATES.values())})$", examples=["待派遣"])]


class Shape(BaseModel):
    """A key that we do not know is an error, not silently dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Demand(Shape):
    """来件: 网页表单、信箱、其他热线系统递交的诉求."""

    channel: Channel = Field(description="受理方式")
    content: Content = Field(description="事件经过")
    title: Short = Field(default="", description="标题")
    name: Short = Field(default="", description="姓名")
    phone: Phone = Field(default="", description="联系电话")
    address: Short = Field(default="", description="事发地址")
    occurred_at: Short = Field(default="", description="事发时间, 按来电人的说法")
    cause: Long = Field(default="", description="起因")
    demand_type: Literal["", "咨询", "求助", "投诉", "举报", "建议", "表扬"] = Field(
        default="", description="业务类别"
    )
    district: Short = Field(default="", description="区域")
    confidential: bool = Field(default=False, description="来电人要求保密")


class ShortMessageIn(Shape):
    """短信网关推送的一条上行短信."""

    message_id: Key = Field(description="网关给这条短信的编号, 重复推送时不变")
    phone: Phone = Field(alias="from", description="发送号码")
    text: Content = Field(description="短信内容")


class MailIn(Shape):
    """信箱收到的一封信."""

    message_id: Key = Field(description="信件编号, 重复递交时不变")
    sender: Short = Field(alias="from", description="写信人的邮箱")
    subject: Short = Field(default="", description="主题")
    text: Content = Field(description="正文")
    box: Literal["电子信箱", "市长信箱", "书记信箱"] = Field(default="电子信箱", description="哪个信箱")


class UpdateIn(Shape):
    """对一张已递交工单的更新."""

    kind: Kind = Field(description="催办、补充或撤单")
    seq: Annotated[int, Field(ge=1, le=2_000_000_000)] = Field(description="这张工单的第几次更新, 只能递增")
    text: Content = Field(description="说明")


class RevealIn(Shape):
    """调阅个人信息."""

    person: Annotated[str, Field(min_length=1, max_length=20, pattern=r"^\S[^\x00-\x1f\x7f]*$")] = Field(
        description="谁要看"
    )
    reason: Annotated[str, Field(min_length=2, max_length=200, pattern=r"^\S[^\x00-\x1f\x7f]*$")] = Field(
        description="为什么看"
    )


class QueryIn(Shape):
    """市民查询."""

    ticket_no: Annotated[str, Field(max_length=40)] = Field(description="工单编号")
    code: Annotated[str, Field(max_length=40)] = Field(description="查询码")


class Receipt(Shape):
    """回执: 编号和查询码要告诉来件人."""

    ticket_no: Number
    query_code: str = Field(description="查询码")
    state: StateName
    received_at: datetime


class TicketOut(Shape):
    """工单, 个人信息脱敏; 保密件不显示个人信息."""

    ticket_no: Number
    state: StateName
    version: int
    channel: str
    received_at: datetime
    due_at: datetime | None
    title: str
    content: str
    address: str
    demand_type: str
    urgency: str
    lead_unit: str
    name: str
    phone: str
    confidential: bool
    answer: str


class Tickets(Shape):
    """一批工单, 最新的在前."""

    tickets: list[TicketOut]


class Progress(Shape):
    """市民查到的办理情况."""

    ticket_no: Number
    state: StateName
    received_at: datetime
    due_at: datetime | None = Field(description="预计什么时候之前办结")
    answer: str = Field(description="答复, 办结后才有")


class Health(Shape):
    """运行状况."""

    status: Literal["ok"]


class Problem(BaseModel):
    """出错说明 (RFC 9457)."""

    type: str = "about:blank"
    title: str = Field(description="一句话: 哪里不对, 怎么改")
    status: int
    field: str = Field(default="", description="哪一项不对")


STATE_NAMES = {said: TicketState(state) for state, said in STATES.items()}
"""状态 as people say it, back to what we keep."""

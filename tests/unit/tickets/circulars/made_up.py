"""Made-up work orders of a city, from a seed."""

from datetime import datetime, timedelta
from random import Random

from core.clock import SHANGHAI
from core.ids import TicketNo
from tickets.circulars.facts import CallFigure, Material, TicketFact, VisitFact
from tickets.circulars.period import Kind
from tickets.circulars.policy import CircularPolicy

CATEGORIES = ("噪音扰民/施工噪音", "物业管理/收费", "餐饮油烟/露天烧烤", "市政维护/路灯", "环境污染/污水",
              "消费维权/预付卡", "违法建设/加建", "交通运输/公交线路", "供水供气/停水",
              "社会保障/医保报销")  # fmt: skip
UNITS = {f"02{number:02d}": name for number, name in enumerate(
    ("市住建局", "市城管局", "市生态环境局", "市市场监管局", "市交通运输局", "市人社局", "市水务集团",
     "市供电公司", "市公安局", "北湖区", "苏仙区", "高新区"), 1)}  # fmt: skip
TYPES = ("咨询", "求助", "投诉", "举报", "建议", "表扬")
POLICY = CircularPolicy(
    issuer="示例市12345政务服务便民热线",
    weights={"sign_rate": 20, "on_time_rate": 40, "satisfaction": 40},
    least=5,
    bottom_percent=5,
    top=10,
    regular=(Kind.WEEKLY,),
)
MONDAY = datetime(2026, 11, 9, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
CALLS = (CallFigure(title="接通率", text="96.41%", num=3652, den=3788, formula="接通 ÷ 请求人工服务"),)


def ticket(number: int = 1, **known: object) -> TicketFact:
    """Give one work order with these fields; nothing happened to it otherwise."""
    plain: dict[str, object] = {
        "no": TicketNo(f"2611{number:014d}"),
        "received_at": MONDAY + 9 * HOUR,
        "channel": "电话",
        "demand_type": "投诉",
        "category": "噪音扰民/施工噪音",
    }
    return TicketFact(**plain | known)  # type: ignore[arg-type]


def city(number: int, seed: int, since: datetime = MONDAY - timedelta(days=7), days: int = 14) -> Material:
    """Give so many work orders, spread over days, at every stage of their life."""
    random = Random(seed)
    moments = sorted(since + timedelta(minutes=random.randrange(days * 1440)) for _ in range(number))
    facts = tuple(_one(random, place, at) for place, at in enumerate(moments, 1))
    return Material(tickets=facts, units=UNITS, calls=CALLS)


def _one(random: Random, number: int, at: datetime) -> TicketFact:
    plain = ticket(
        number,
        received_at=at,
        channel=random.choices(("电话", "微信", "市长信箱", "短信", "网站"), (80, 8, 5, 4, 3))[0],
        demand_type=random.choices(TYPES, (35, 25, 28, 5, 5, 2))[0],
        category=random.choices(CATEGORIES, (22, 18, 14, 10, 8, 9, 6, 5, 5, 3))[0],
        title="市民反映的问题",
        district=random.choice(("北湖区", "苏仙区", "高新区", "资兴市")),
        urgency=random.choices(("一般", "紧急", "特急"), (93, 6, 1))[0],
        matter=random.choices(("普通件", "督办件", "批示件", "领导接听件"), (94, 3, 1, 2))[0],
        invalid=random.random() < 0.03,
        withdrawn=random.random() < 0.01,
    )  # fmt: skip
    values = {name: getattr(plain, name) for name in TicketFact.__dataclass_fields__}
    if random.random() < 0.65:
        return ticket(number, **values | {"solved_on_line": True, "closed_at": at + HOUR / 6})
    return ticket(number, **values | _handled(random, at))


def _handled(random: Random, at: datetime) -> dict[str, object]:
    unit = random.choices(list(UNITS), range(12, 0, -1))[0]
    slow = 1 + 0.06 * int(unit[2:])
    sent = at + random.uniform(0.2, 5) * HOUR
    due = sent + 72 * HOUR
    extended = random.random() < 0.1
    closed = sent + random.gammavariate(3, 12 * slow) * HOUR
    known: dict[str, object] = {"unit": unit, "dispatched_at": sent, "first_due": due}
    known |= {"sign_due": sent + 4 * HOUR, "signed_at": sent + random.expovariate(0.8 / slow) * HOUR}
    known |= {"contact_due": sent + 24 * HOUR, "contacted_at": sent + random.expovariate(0.15 / slow) * HOUR}
    known |= {"due": due + 48 * HOUR if extended else due, "extensions": int(extended)}
    known |= {"redos": random.choices((0, 1, 2), (92, 6, 2))[0], "refusals": int(random.random() < 0.07)}
    known |= {"first_closed_at": closed, "closed_at": closed}
    grade = random.choices(("满意", "基本满意", "不满意", "不予评价", ""), (62, 22, 6 * slow, 6, 4))[0]
    attempts = random.choice((1, 1, 1, 2, 3))
    known["visit"] = VisitFact(
        at=closed + random.uniform(2, 30) * HOUR,
        attempts=attempts,
        answered=int(bool(grade)),
        satisfaction=grade,
        outcome=random.choice(("解决", "解决", "基本解决", "未解决")) if grade else "",
        counted=random.random() > 0.03,
    )
    return known

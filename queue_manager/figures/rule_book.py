"""指标口径: title, unit and rule of every figure; a figure without its formula is worthless.

``{t}`` in a rule stands for the seconds of the service level, ``{s}`` for those of a short abandonment,
``{target}`` for the connect rate that is asked for.
"""

from dataclasses import dataclass

from queue_manager.figures.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """口径: what stands beside the number."""

    title: str
    unit: str
    rule: str

    def said_for(self, policy: Policy) -> "Entry":
        """Fill in the seconds and the target of this hotline."""
        words = {
            "t": policy.threshold_seconds,
            "s": policy.short_seconds,
            "target": policy.connect_rate_target,
        }
        return Entry(title=self.title.format(**words), unit=self.unit, rule=self.rule.format(**words))


def _calls(title: str, rule: str) -> Entry:
    return Entry(title=title, unit="通", rule=rule)


def _share(title: str, rule: str) -> Entry:
    return Entry(title=title, unit="%", rule=rule)


def _seconds(title: str, rule: str) -> Entry:
    return Entry(title=title, unit="秒", rule=rule)


GENERAL = (
    "统计时段左闭右开;一通来电整个归入它到达的那一刻所在的日期。",
    "时长取整秒,舍去零头;正好 {t} 秒算在 {t} 秒内;比率四舍五入到两位小数。",
    "看全部时,一通来电只算一次,不管转接几次;看一个技能组时,每进一次该组算一次。振铃和人工应答前的播报都算等待。",
    "测试来电和已知机器来电单列,不计入其他指标。分母为零时不出数,不当作 0,也不当作 100。",
)

CALLS = {
    "distinct_calls": _calls("来电总量", "到达热线的不同来电,转接、重新排队不重复计"),
    "human_requests": _calls(
        "人工请求(全部)", "到了排队这一步的来电:已入队,加上因无座席或队列满未能入队的;问候中挂机的不计"
    ),
    "hotline_connect_rate": _share(
        "接通率(全部)", "全热线:接通 ÷ 人工请求;国家标准要求任意 24 小时不低于 {target}%"
    ),
    "requests": _calls("人工请求", "到了排队这一步的:已入队,加上因无座席或队列满未能入队的;问候中挂机的不计"),
    "entered": _calls("入队", "真正排进队列的"),
    "answered": _calls("接通", "与座席通话满 1 秒;座席接起又立刻断开的不算接通"),
    "abandoned": _calls(
        "放弃", "市民在排队中或座席振铃时自己挂机;超时溢出、按键离开、无座席、队列满都不算放弃"
    ),
    "short_abandoned": _calls("短放弃", "放弃中等待不超过 {s} 秒的"),
    "timeout": _calls("排队超时", "排队超过时限、由系统转到别处;不算放弃"),
    "callback": _calls("按键离开", "排队中按键选择回拨或留言;不算放弃"),
    "blocked": _calls("无座席", "没有座席可排而结束;不算放弃"),
    "saturated": _calls("队列已满", "队列已满未能入队;不算放弃"),
    "withdrawn": _calls("被撤出", "由值班人员或系统从队列撤出"),
    "transferred": _calls("转出", "座席接听之前转到外部号码"),
    "system_failure": _calls("系统故障", "因我方系统中断而结束"),
    "unknown_end": _calls("结束不明", "没有看到怎样结束,只知道到某时已经结束"),
    "cut_off": _calls("接起即断", "座席接起不足 1 秒就断开;不算接通,也不算放弃"),
    "prompt_hangup": _calls("问候中挂机", "全热线:还没有排队就挂机;不计入人工请求"),
    "living": _calls("等待中", "统计这一刻还在排队或听问候的"),
    "excluded": _calls("不计入的来电", "按号码标记的测试来电和已知机器来电;只列出,不计入任何其他指标"),
    "connect_rate": _share("接通率", "接通 ÷ 人工请求;国家标准要求任意 24 小时不低于 {target}%"),
    "connect_rate_entered": _share("接通率(按入队)", "接通 ÷ 入队"),
    "connect_rate_ex_short": _share("接通率(去短放弃)", "接通 ÷ (人工请求 − 短放弃);只作参照,不替代接通率"),
    "answered_in_15s": _share("{t} 秒接通率", "等待不超过 {t} 秒的接通 ÷ 人工请求;等待从入队起算"),
    "answered_in_15s_from_arrival": _share(
        "{t} 秒接通率(从来电起)", "从来电到达到接通不超过 {t} 秒的接通 ÷ 人工请求;问候也算在内"
    ),
    "service_level_asterisk": _share("服务水平(Asterisk)", "Asterisk ServicelevelPerf:{t} 秒内接通 ÷ 接通"),
    "service_level_asterisk_2": _share(
        "服务水平(Asterisk 第二种)",
        "Asterisk ServicelevelPerf2:({t} 秒内接通 + {t} 秒内放弃) ÷ (接通 + 放弃)",
    ),
    "service_level_amazon": _share(
        "服务水平(Amazon)", "Amazon Connect:{t} 秒内的(接通 + 放弃 + 按键离开) ÷ 入队"
    ),
    "service_level_vonage_breakouts": _share(
        "服务水平(Vonage,含转走)", "Vonage:{t} 秒内接通 ÷ (接通 + 放弃 + 其他离开队列的)"
    ),
    "service_level_vonage": _share("服务水平(Vonage)", "Vonage:{t} 秒内接通 ÷ (接通 + 放弃)"),
    "service_level_xcally": _share("服务水平(XCally)", "XCally:{t} 秒内接通 ÷ (接通 + {t} 秒后放弃)"),
    "abandon_rate": _share("放弃率", "放弃 ÷ 入队"),
    "abandon_rate_ex_short": _share(
        "放弃率(去短放弃)", "Google CCAI:(放弃 − 短放弃) ÷ (接通 + 放弃 − 短放弃)"
    ),
    "mean_wait_answered": _seconds("平均应答时长", "接通的等待之和 ÷ 接通"),
    "mean_wait_abandoned": _seconds("平均放弃时长", "放弃的等待之和 ÷ 放弃"),
    "max_wait": _seconds("最长等待", "所有入队的当中等待最长的,包括还在等的"),
    "p50_wait_answered": _seconds("等待中位数", "接通的等待从短到长,最近秩法取第 50 百分位"),
    "p90_wait_answered": _seconds("等待 90 分位", "接通的等待从短到长,最近秩法取第 90 百分位"),
    "handle_time": _seconds(
        "平均处理时长", "(通话含保持 + 话后处理) ÷ 接通,按每一段通话计;正在进行的通话不计"
    ),
}
DEMANDS = {
    "direct_answer_rate": _share("直接解答率", "座席当场办结、没有派单的来电诉求 ÷ 有效诉求"),
    "first_contact_resolution": _share(
        "一次解决率", "首次来电后 7 天内没有因同一诉求再来电的已办结诉求 ÷ 已办结诉求"
    ),
    "repeat_call_rate": _share("重复来电率", "同一号码 30 天内已为同一诉求来过电的来电 ÷ 有诉求的来电"),
}
SEATS = {
    "busy": _seconds("处理时长", "通话(含保持)+ 话后处理"),
    "occupancy": _share("占有率", "(通话含保持 + 话后处理) ÷ (签入 − 示忙)"),
    "utilisation": _share("工时利用率", "(通话含保持 + 话后处理) ÷ 签入"),
    "login": _seconds("签入", "签出 − 签入之和,截到统计时段内;等于示忙 + 示闲 + 振铃 + 通话 + 话后处理"),
    "pause": _seconds("示忙", "处于示忙的时长"),
    "ready": _seconds("示闲", "处于示闲的时长"),
    "offer": _seconds("振铃", "话机振铃的时长"),
    "talk": _seconds("通话", "通话的时长,含保持"),
    "acw": _seconds("话后处理", "处于话后处理的时长"),
    "available": _seconds("可用", "签入 − 示忙"),
    "unaccounted": _seconds("对不上", "签入 −(示忙 + 示闲 + 振铃 + 通话 + 话后处理);应当是 0"),
    "calls_answered": _calls("接听", "该座席接通的,按每一段通话计"),
    "calls_per_hour": Entry(title="每小时接听", unit="通/小时", rule="接听 ÷ 签入小时数"),
    "non_response": Entry(
        title="未应答", unit="次", rule="拒接 + 振铃无人接,每次振铃计一次;市民先挂机而撤回的不算座席的"
    ),
    "answer_rate": _share("应答率", "接起 ÷ (接起 + 拒接 + 振铃无人接)"),
    "handle_time": _seconds("平均处理时长", "(通话含保持 + 话后处理) ÷ 接听;正在进行的通话不计"),
    "mean_acw": _seconds("平均话后处理", "话后处理之和 ÷ 接听"),
    "mean_hold": _seconds("平均保持", "保持之和 ÷ 接听"),
    "adherence": _share(
        "遵时率", "排班要求的状态与实际一致的时长 ÷ 排班时长;上班应签入且不示忙,休息应示忙或签出"
    ),
    "quality": Entry(
        title="质检得分",
        unit="分",
        rule="质检表得分(0–100)之和 ÷ 质检表数;一表得分是用语、记录、派单、处理、反馈五项的平均;"
        "按来电的日期归入,同一通来电同一座席只计最后一张",
    ),
}
ROLLING = {
    "rolling_connect_rate": _share(
        "滚动 24 小时接通率", "此前 24 小时:接通 ÷ 人工请求;按来电时刻归入,以最终结果计"
    ),
    "lowest_rolling_connect_rate": _share(
        "最低滚动 24 小时接通率", "统计时段内逐通来电移动 24 小时时段,取接通率最低的一刻"
    ),
}


def general_rules(policy: Policy) -> tuple[str, ...]:
    """Give what holds for all figures, a sentence each."""
    return tuple(rule.format(t=policy.threshold_seconds) for rule in GENERAL)


def entry_of(book: dict[str, Entry], key: str, policy: Policy) -> Entry:
    """Give title, unit and rule as this hotline's policy says them."""
    return book[key].said_for(policy)

"""拨号方案的函数: what stands in ``${…}`` beside plain variables."""

import re
from collections.abc import Callable, Iterable, Mapping

from simulator.day.channel import Channel
from simulator.day.dialplan_text import DialplanUnknown

Channels = Iterable[Channel]


def value_of(function: str, argument: str, channel: Channel, channels: Channels) -> str:
    """Give what ``FUNCTION(argument)`` is on a channel, among all channels; raises DialplanUnknown."""
    known = _FUNCTIONS.get(function)
    if known is None:
        raise DialplanUnknown(function=f"{function}({argument})")
    return known(channel, channels, argument)


def is_true(text: str) -> bool:
    """Tell what Asterisk takes for true: neither empty nor 0."""
    return text.strip() not in ("", "0")


def chosen(argument: str) -> str:
    """Give of ``condition?then:else`` the part that holds."""
    condition, _, choices = argument.partition("?")
    then, _, otherwise = choices.partition(":")
    return then if is_true(condition) else otherwise


def _filter(_channel: Channel, _channels: Channels, argument: str) -> str:
    """``FILTER(allowed,text)``: a range is written with ``-``."""
    allowed, _, text = argument.partition(",")
    return re.sub(rf"[^{allowed.replace('*', chr(92) + '*')}]", "", text)


def _of_channel(channel: Channel, _channels: Channels, argument: str) -> str:
    if argument == "linkedid":
        return channel.linkedid
    if argument == "endpoint":
        return channel.name.removeprefix("PJSIP/").rpartition("-")[0]
    raise DialplanUnknown(function=f"CHANNEL({argument})")


def _caller_id(channel: Channel, _channels: Channels, argument: str) -> str:
    return channel.caller if argument == "num" else channel.variables.get(argument.upper(), "")


def _import(_channel: Channel, channels: Channels, argument: str) -> str:
    """``IMPORT(channel,variable)``."""
    name, _, variable = argument.partition(",")
    return next((other.variables.get(variable, "") for other in channels if other.name == name), "")


_FUNCTIONS: Mapping[str, Callable[[Channel, Channels, str], str]] = {
    "FILTER": _filter,
    "CHANNEL": _of_channel,
    "CALLERID": _caller_id,
    "IF": lambda _channel, _channels, argument: chosen(argument),
    "IMPORT": _import,
    # nothing is recorded, so no file is there
    "STAT": lambda _channel, _channels, _argument: "0",
}

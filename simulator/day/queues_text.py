"""技能组设置: reads the very queues.conf that the real Asterisk gets."""

from configparser import ConfigParser, SectionProxy

from simulator.day.members import QueueRules


def rules_in(text: str) -> dict[str, QueueRules]:
    """Give every queue's rules, by name."""
    parser = ConfigParser(comment_prefixes=(";",), interpolation=None, strict=False)
    parser.read_string(text)
    return {name: _rules(parser[name]) for name in parser.sections() if name != "general"}


def _rules(said: SectionProxy) -> QueueRules:
    return QueueRules(
        strategy=said.get("strategy", "ringall"),
        timeout=said.getint("timeout", 15),
        retry=said.getint("retry", 5),
        wrapuptime=said.getint("wrapuptime", 0),
        weight=said.getint("weight", 0),
        needs_telephone="unavailable" in said.get("joinempty", ""),
    )

"""Other systems and the running hotline: a ticket by the web, and a web part that dies and comes back."""

import json
import os
import signal
from pathlib import Path

import httpx2

from tests.commands.command_line import CommandLine, Running

DEMAND = {"channel": "网站", "content": "路灯坏了", "phone": "13812341234", "title": "路灯坏了"}


def test_a_demand_from_the_web_is_a_ticket_its_citizen_is_told_and_a_killed_web_part_comes_back(
    line: CommandLine,
) -> None:
    line.settle(web=True)
    with line.running() as up:
        key = json.loads(line.run("key", "add", "website", "--json").out)["key"]
        root = f"http://127.0.0.1:{line.ports.web}/api/v1"
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "1"}
        first = httpx2.post(f"{root}/tickets", json=DEMAND, headers=headers)
        assert first.status_code == 201, first.text
        number, code = first.json()["ticket_no"], first.json()["query_code"]
        spool = line.instance_folder / "sms"
        up.wait_until(lambda: any(spool.glob("[!.]*.json")))
        [message] = [json.loads(file.read_text(encoding="utf-8")) for file in spool.glob("[!.]*.json")]
        assert (message["phone"], number in message["text"]) == ("13812341234", True)
        _kill_web(line, up)
        asked = httpx2.post(f"{root}/query", json={"ticket_no": number, "code": code})
        assert (asked.status_code, asked.json()["state"]) == (200, "待派遣")
        again = httpx2.post(f"{root}/tickets", json=DEMAND, headers=headers)
        assert (again.status_code, again.json()["ticket_no"]) == (200, number)
        listed = json.loads(line.run("sms", "list", "--json").out)
        assert [one["state"] for one in listed] == ["已发"]
        up.press(signal.SIGINT)
        assert up.end() == 0


def _kill_web(line: CommandLine, up: Running) -> None:
    pid = Path(line.instance_folder / "run" / "web.pid")
    ready = Path(line.instance_folder / "run" / "web.ready")
    old = pid.read_text()
    os.kill(int(old), signal.SIGKILL)
    up.wait_until(lambda: pid.read_text() not in ("", old) and ready.read_text() == pid.read_text())

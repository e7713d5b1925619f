"""The command line before anything is prepared."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from app.prepare.report import report
from app.prepare.start import PROJECT, start
from tests.unit.app.prepare.test_places import BARE, PLACES


def test_the_usage_needs_no_preparation(capsys: pytest.CaptureFixture[str]) -> None:
    assert start([]) == 0
    shown = capsys.readouterr()
    assert "demo" in shown.out
    assert shown.err == ""


def test_a_fault_is_one_sentence_on_standard_error_and_exit_code_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("HOTLINE_STATE_DIR", str(tmp_path / "file" / "state"))
    assert start(["demo"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("错误:状态目录不能使用")
    assert shown.err.count("\n") == 1


def test_even_an_old_python_can_read_the_file_that_refuses_it() -> None:
    ast.parse((PROJECT / "hotline").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_the_report_names_every_part_in_columns() -> None:
    lines = report(PLACES).splitlines()
    assert "状态目录      /var/lib/hotline" in lines
    assert "sox           /usr/bin/sox" in lines
    assert "服务账号      hotline (uid 999)" in lines


def test_the_report_leaves_out_what_was_not_prepared() -> None:
    assert "Asterisk" not in report(replace(BARE))

"""One line per step."""

import io

import pytest

from app.prepare.progress import Progress


def test_a_step_ends_with_its_seconds_and_the_first_is_announced() -> None:
    out = io.StringIO()
    ticks = iter([10.0, 12.34, 20.0, 21.0])
    progress = Progress(out, lambda: next(ticks))
    for said in ("安装", "组装"):
        with progress.step(said):
            pass
    announced, *steps = out.getvalue().splitlines()
    assert "准备" in announced
    assert steps == ["  安装 …… 2.3 秒", "  组装 …… 1.0 秒"]


def test_a_step_that_breaks_off_says_so() -> None:
    out = io.StringIO()
    with pytest.raises(ValueError, match="x"), Progress(out, lambda: 0.0).step("安装"):
        raise ValueError("x")
    assert out.getvalue().endswith("安装 …… 未完成\n")

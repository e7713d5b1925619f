"""数字: percentiles, and tables of them in Markdown, which read well on a screen too."""

from collections.abc import Iterable, Sequence
from math import ceil, isnan


def percentile(values: Sequence[float], share: float) -> float:
    """Give the smallest value that at least that share of all does not exceed; NaN for none."""
    if not values:
        return float("nan")
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def spread(values: Sequence[float]) -> str:
    """Write p50 / p95 / p99."""
    return " / ".join(figure(percentile(values, share)) for share in (0.5, 0.95, 0.99))


def figure(value: float) -> str:
    """Write one figure as short as it means something."""
    if isnan(value):
        return "—"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}"


def markdown_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table."""
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

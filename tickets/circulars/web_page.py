"""通报网页: one HTML file with everything inside it, to read on a screen or to print on A4."""

from pathlib import Path

from core.pages import page
from tickets.circulars.charts import charts_of
from tickets.circulars.edition import MINUTE, Edition, fingerprint
from tickets.circulars.figure import NOTHING, day_in_chinese, decimal
from tickets.circulars.period import Kind
from tickets.circulars.ranking import COLUMNS
from tickets.circulars.rule_book import BY_KEY

TEMPLATE = Path(__file__).parent / "templates" / "circular.html"
HEADLINES = ("valid", "on_time_rate", "satisfaction", "solved_rate", "closing_rate", "mean_hours")
MOST_IDS = 40
"""So many numbers of work orders stand on the page; the workbook and the data have all of them."""


def web_page(edition: Edition) -> str:
    """Write the page."""
    circular = edition.circular
    words = {
        "circular": circular,
        "edition": edition,
        "number": circular.period.number if circular.kind not in (Kind.TOPIC, Kind.SPECIAL) else None,
        "first": day_in_chinese(circular.period.first),
        "last": day_in_chinese(circular.period.last),
        "as_of": circular.as_of.strftime(MINUTE),
        "headlines": [circular.figure(key) for key in HEADLINES],
        "columns": [BY_KEY[key] for key in COLUMNS],
        "decimal": decimal,
        "nothing": NOTHING,
        "most": MOST_IDS,
        "charts": (charts := charts_of(circular)).keys(),
        "day": day_in_chinese,
        "fingerprint": fingerprint(edition),
    }
    return page(TEMPLATE, words, charts)

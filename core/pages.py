"""网页模板: fills a page; whatever stands in the words is escaped, a word that is missing is an error."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup


def page(template: Path, words: Mapping[str, object], drawn: Mapping[str, str]) -> str:
    """Fill a template of HTML. ``drawn`` holds markup of our own making, which is put in as it is."""
    templates = Environment(
        loader=FileSystemLoader(template.parent, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    markup = {name: Markup(text) for name, text in drawn.items()}  # noqa: S704 - ours, see above
    return templates.get_template(template.name).render({**words, "drawn": markup})

"""配置档: a city's folder lies over the folder ``default`` beside it, which says what the city does not."""

from pathlib import Path

DEFAULT = "default"


def beneath(folder: Path) -> Path | None:
    """Give the folder on which a profile lies; None for the default itself, and for no city of ours."""
    base = folder.parent / DEFAULT
    return base if folder.name != DEFAULT and folder.is_dir() and base.is_dir() else None


def file_of(folder: Path, name: str) -> Path:
    """Give the profile's own file of this name, or else the default's; its own when there is neither."""
    own, base = folder / name, beneath(folder)
    return own if own.exists() or base is None or not (base / name).exists() else base / name

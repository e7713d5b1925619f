"""附件文件夹: where the files of work orders lie in an instance, readable for its parts only."""

from pathlib import Path

from app.instance import Instance
from tickets.file_shelf import FileShelf
from tickets.flow_policy import FlowPolicy


def shelf_of(instance: Instance, flow: FlowPolicy) -> FileShelf:
    """Give the shelf; the most bytes of one file are the profile's."""
    return FileShelf(instance.attachments, flow.most_attachment_bytes)


def give_away(instance: Instance, file: Path) -> None:
    """Hand a file that was kept by an administrator to the service user, too."""
    instance.give_away(file.parent)
    instance.give_away(file)

"""开日志: makes the call log of an instance, and who looks after its files."""

from dataclasses import dataclass

from app.call_log import CallLog
from app.call_log_files import CallLogFiles, CallLogWriter, Limits
from app.call_log_keeping import CallLogKeeper
from app.call_log_numbers import KEY_NAME
from app.call_log_summary import CallRows
from app.instance import Instance
from core.clock import Clock
from core.database import Database

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCallLog:
    """The log, and its keeper, whose ``run`` goes on beside it."""

    log: CallLog
    keeper: CallLogKeeper


def open_call_log(instance: Instance, database: Database, clock: Clock) -> OpenCallLog:
    """Go on with the log in the instance's folder."""
    kept = instance.settings.call_log
    limits = Limits(file_bytes=kept.file_mb * MEGABYTE, days=kept.keep_days)
    files = CallLogFiles(instance.logs)
    writer = CallLogWriter(files, clock, limits)
    return OpenCallLog(
        log=CallLog(writer, CallRows(database), instance.secret(KEY_NAME)),
        keeper=CallLogKeeper(files, clock, limits),
    )

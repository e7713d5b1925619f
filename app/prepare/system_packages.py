"""系统软件包: install through the system's own apt, as root, without any service of theirs being started."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.prepare.progress import Progress
from app.prepare.tools import ToolFailed, run

LISTS = Path("/var/lib/apt/lists")
SYSTEMD = Path("/run/systemd/system")
# A package's own service would take the port that ours wants; who had it before us keeps it.
UNITS = {"mosquitto": "mosquitto.service"}
CLUSTER_SETTINGS = Path("/etc/postgresql-common/createcluster.d/hotline.conf")
APT = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3", "-o", "Dpkg::Use-Pty=0")
# Without systemd, packages ask the run level whether to start their service: in single-user mode no.
SETTINGS = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}


def install(names: Sequence[str], progress: Progress) -> None:
    """Install packages.

    Raises:
        ToolFailed: apt said no, also with fresh lists.
    """
    if not _has_lists():
        with progress.step("更新软件包列表"):
            _update()
    with progress.step(f"安装软件包 {' '.join(names)}"), _no_database_of_its_own(names):
        try:
            _install(names)
        except ToolFailed:
            # Old lists, or an installation that somebody broke off: mend both and try once more.
            run(["dpkg", "--configure", "-a"], SETTINGS)
            _update()
            _install(names)
    _stop_units_of(names)


def _install(names: Sequence[str]) -> None:
    run([*APT, "install", "-y", "--no-install-recommends", *names], SETTINGS)


def _update() -> None:
    """Fetch the lists; a source of the administrator's that does not answer is let go while another does."""
    try:
        run([*APT, "update", "--error-on=any"], SETTINGS)
    except ToolFailed:
        if not _has_lists():
            raise


def _has_lists() -> bool:
    return any(LISTS.glob("*_Packages*"))


@contextmanager
def _no_database_of_its_own(names: Sequence[str]) -> Iterator[None]:
    """Keep PostgreSQL's package from starting a cluster on the usual port while it is installed."""
    if "postgresql" not in names:
        yield
        return
    CLUSTER_SETTINGS.parent.mkdir(parents=True, exist_ok=True)
    CLUSTER_SETTINGS.write_text("create_main_cluster = false\n", encoding="utf-8")
    try:
        yield
    finally:
        CLUSTER_SETTINGS.unlink(missing_ok=True)


def _stop_units_of(names: Sequence[str]) -> None:
    if SYSTEMD.exists():
        for name in names:
            if name in UNITS:
                run(["systemctl", "disable", "--now", UNITS[name]])

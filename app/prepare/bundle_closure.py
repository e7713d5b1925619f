"""套件装配: copy Asterisk and all libraries it needs out of unpacked packages.

Our own Python runs it, because it reads ELF files: python -m app.prepare.bundle_closure ROOT DEST PACKAGES
"""

import hashlib
import json
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.segments import InterpSegment

from app.prepare.bundle import MANIFEST

# libsrtp2 is built on NSS, which opens these by name at run time, so no list of needed libraries holds them;
# without them Asterisk ends with "Failed to initialize libsrtp". The .chk files are their signatures.
OPENED_BY_NAME = ("libsoftokn3.so", "libfreebl3.so", "libfreeblpriv3.so")

# --inhibit-cache: nothing of the host may slip in.
# No LD_LIBRARY_PATH: programs that Asterisk starts are the host's and keep its libraries.
LAUNCHER = """\
#!/bin/sh
home=$(dirname "$(dirname "$(readlink -f "$0")")")
set -- --inhibit-cache --argv0 asterisk --library-path "$home/lib" "$home/sbin/asterisk.bin" "$@"
exec "$home/lib/{loader}" "$@"
"""


class Libraries:
    """All shared libraries below an unpacked root, and what each of them needs."""

    def __init__(self, root: Path) -> None:
        """Look through the root once; libraries in a folder of their own (NSS, BLAS) count as well."""
        candidates = sorted(root.rglob("*.so*"), key=lambda path: len(path.parts))
        self._paths: dict[str, Path] = {}
        for path in candidates:
            if path.is_file() and "modules" not in path.parts:
                self._paths.setdefault(path.name, path)

    def path_of(self, name: str) -> Path | None:
        """Return the file behind a soname, None when no package brought it."""
        return self._paths.get(name)

    def closure_of(self, binaries: Iterable[Path]) -> tuple[set[str], set[str]]:
        """Return the sonames that `binaries` need, directly or not: those found and those missing."""
        found: set[str] = set()
        missing: set[str] = set()
        waiting = list(binaries)
        while waiting:
            for name in needed_by(waiting.pop()):
                path = self.path_of(name)
                if path is None:
                    missing.add(name)
                elif name not in found:
                    found.add(name)
                    waiting.append(path)
        return found, missing


def needed_by(binary: Path) -> list[str]:
    """Return the sonames that an ELF file asks for."""
    with binary.open("rb") as content:
        section = ELFFile(content).get_section_by_name(".dynamic")
        if not isinstance(section, DynamicSection):
            return []
        return [str(vars(tag)["needed"]) for tag in section.iter_tags("DT_NEEDED")]


def loader_of(program: Path) -> str:
    """Return the file name of the dynamic loader that a program asks for."""
    with program.open("rb") as content:
        asked = next(
            part for part in ELFFile(content).iter_segments("PT_INTERP") if isinstance(part, InterpSegment)
        )
        return Path(str(asked.get_interp_name())).name


def assemble(root: Path, dest: Path) -> None:
    """Fill `dest` with sbin/, lib/, modules/ and share/ from the unpacked `root`."""
    libraries = Libraries(root)
    for part in ("sbin", "lib", "share"):
        (dest / part).mkdir(parents=True, exist_ok=True)
    program = dest / "sbin" / "asterisk.bin"
    shutil.copy2(root / "usr/sbin/asterisk", program)
    modules = next(root.glob("usr/lib/*/asterisk/modules"))
    shutil.copytree(modules, dest / "modules")
    shutil.copytree(root / "usr/share/asterisk", dest / "share" / "asterisk", ignore_dangling_symlinks=True)
    by_name = [path for name in OPENED_BY_NAME if (path := libraries.path_of(name))]
    usable = list(_usable_modules(libraries, dest / "modules"))
    sonames, _ = libraries.closure_of([program, *by_name, *usable])
    loader = loader_of(program)
    for name in {*sonames, loader}:
        _copy(libraries.path_of(name), dest / "lib" / name)
    for path in by_name:
        _copy(path, dest / "lib" / path.name)
        _copy(path.with_suffix(".chk"), dest / "lib" / f"{path.stem}.chk")
    _write_launcher(dest / "sbin" / "asterisk", loader)


def _usable_modules(libraries: Libraries, modules: Path) -> Iterable[Path]:
    """Give the modules whose libraries are all there; remove the others, which Asterisk would refuse."""
    for module in sorted(modules.glob("*.so")):
        _, missing = libraries.closure_of([module])
        if missing:
            module.unlink()
        else:
            yield module


def _copy(source: Path | None, target: Path) -> None:
    if source is not None and source.exists():
        shutil.copy2(source.resolve(), target)


def _write_launcher(file: Path, loader: str) -> None:
    file.write_text(LAUNCHER.format(loader=loader), encoding="utf-8")
    file.chmod(0o755)


def write_manifest(dest: Path, packages: Path) -> None:
    """Write down what went in (`packages`, a JSON object), and size and SHA-256 of what came out."""
    told = json.loads(packages.read_text(encoding="utf-8"))
    told["files"] = {
        str(path.relative_to(dest)): _told(path) for path in sorted(dest.rglob("*")) if path.is_file()
    }
    (dest / MANIFEST).write_text(json.dumps(told, indent=1), encoding="utf-8")


def _told(path: Path) -> dict[str, object]:
    content = path.read_bytes()
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def main(root: Path, dest: Path, packages: Path) -> None:
    """Assemble the bundle, throw the unpacked packages away, write the manifest."""
    assemble(root, dest)
    shutil.rmtree(root)
    write_manifest(dest, packages)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))

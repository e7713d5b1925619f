"""Reading what apt prints, and telling whole downloads from broken ones."""

import hashlib
from pathlib import Path

from app.prepare.deb_packages import Deb, debs_in

SHA256 = hashlib.sha256(b"content").hexdigest()
PRINTED = f"""\
'http://mirror.example/debian/pool/main/s/sip-tester/sip-tester_3.6.1-1_amd64.deb' \
sip-tester_1%3a3.6.1-1+b2_amd64.deb 7 SHA256:{SHA256}
'http://mirror.example/debian/pool/main/f/flac/flac_1.4.2_amd64.deb' flac_1.4.2_amd64.deb 7 MD5Sum:00
N: a remark of apt
"""


def test_every_line_with_a_sha256_is_a_package() -> None:
    (deb,) = debs_in(PRINTED)
    assert deb == Deb(file="sip-tester_1%3a3.6.1-1+b2_amd64.deb", size=7, sha256=SHA256)


def test_name_and_version_are_read_from_the_file_name() -> None:
    (deb,) = debs_in(PRINTED)
    assert (deb.name, deb.version) == ("sip-tester", "1:3.6.1-1+b2")


def test_only_a_whole_and_unchanged_file_counts_as_downloaded(tmp_path: Path) -> None:
    deb = Deb(file="a_1_all.deb", size=7, sha256=SHA256)
    assert not deb.lies_in(tmp_path)
    (tmp_path / deb.file).write_bytes(b"cont")
    assert not deb.lies_in(tmp_path)
    (tmp_path / deb.file).write_bytes(b"CONTENT")
    assert not deb.lies_in(tmp_path)
    (tmp_path / deb.file).write_bytes(b"content")
    assert deb.lies_in(tmp_path)

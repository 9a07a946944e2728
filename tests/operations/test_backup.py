"""Backup while people work, restored elsewhere: whole, verified, and only into an empty instance."""

from __future__ import annotations

import io
import json
import tarfile
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from portal.kernel import clock, files, transaction, verification
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from portal.operations import archive
from portal.operations.archive import BackupError
from portal.operations.backup import backup, restore
from portal.people import administration
from portal.people.models import Department

WRITERS = 4


def _departments(app) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(select(Department.code).where(Department.code.like("W%"))))


def _back_up(app, to=None):
    with app.app_context():
        return backup(to)


def _restore(app, path: Path):
    with app.app_context():
        return restore(path)


def _attach(app, content=b"%PDF-1.4\n%...", name="批复.pdf") -> str:
    with app.app_context(), transaction.act():
        upload = FileStorage(io.BytesIO(content), filename=name)
        kept = files.store([upload], "test", 1, None, clock.now(), most_megabytes=1)[0]
        return kept.storage_name


def test_backup_while_people_write_is_restored_whole(app, empty):
    acknowledged: set[str] = set()
    stop = threading.Event()
    under_way = threading.Barrier(WRITERS + 1)

    def write(writer: int) -> None:
        count = 0
        while not stop.is_set():
            code = f"W{writer}-{count}"
            with app.app_context():
                with transaction.act():
                    administration.add_department(SYSTEM, code, f"科室 {code}", clock.now())
                acknowledged.add(code)
                db.session.remove()
            count += 1
            if count == 3:
                under_way.wait(30)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    under_way.wait(30)
    before = set(acknowledged)
    path, manifest = _back_up(app)
    during = len(acknowledged)
    stop.set()
    for thread in threads:
        thread.join(30)
    assert during >= len(before) >= WRITERS * 3

    _, verdict = _restore(empty, path)
    assert verdict.ok
    assert (verdict.entries, verdict.head) == (manifest.seq, manifest.head)
    there = _departments(empty)
    assert before <= there <= acknowledged
    with empty.app_context():
        added = db.session.scalar(
            select(func.count()).select_from(JournalEntry).where(JournalEntry.event == "people.department_added")
        )
        assert added == db.session.scalar(select(func.count()).select_from(Department)), "each record has its entry"
        newest = db.session.scalars(select(JournalEntry).order_by(JournalEntry.seq.desc()).limit(1)).one()
        assert newest.event == "operations.restored"
        assert newest.fact()["entries"] == manifest.seq
        assert verification.verify().ok


def test_attachments_and_secret_key_come_along(app, empty):
    stored = _attach(app)
    lost = _attach(app, name="已丢失.pdf")
    config = app.extensions["portal.config"]
    (config.instance / "attachments" / lost[:2] / lost).unlink()
    (config.instance / "attachments" / "00").mkdir(exist_ok=True)
    (config.instance / "attachments" / "00" / ("0" * 32)).write_bytes(b"belongs to nothing")
    (config.instance / "secret_key").write_text("k" * 64)
    path, manifest = _back_up(app)
    assert manifest.missing == [lost]
    assert path.stat().st_mode & 0o077 == 0
    _restore(empty, path)
    folder = empty.extensions["portal.config"].instance
    kept = [p.name for p in (folder / "attachments").rglob("*") if p.is_file()]
    assert kept == [stored]
    assert (folder / "attachments" / stored[:2] / stored).read_bytes().startswith(b"%PDF")
    assert (folder / "secret_key").read_text() == "k" * 64


def test_backup_is_journalled_and_leaves_nothing_else_behind(app, tmp_path):
    path, manifest = _back_up(app, tmp_path / "to")
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    with app.app_context():
        newest = db.session.scalars(select(JournalEntry).order_by(JournalEntry.seq.desc()).limit(1)).one()
        assert newest.event == "operations.backed_up"
        assert newest.fact()["head"] == manifest.head
        assert newest.seq == manifest.seq + 1


def test_restore_refuses_an_instance_with_records(app):
    path, _ = _back_up(app)
    with pytest.raises(BackupError, match="不是空的"):
        _restore(app, path)


def test_restore_refuses_an_instance_with_attachments(app, empty):
    path, _ = _back_up(app)
    there = empty.extensions["portal.config"].instance / "attachments" / "ab" / "file"
    there.parent.mkdir(parents=True)
    there.write_bytes(b"x")
    with pytest.raises(BackupError, match="附件"):
        _restore(empty, path)
    assert there.read_bytes() == b"x"


def test_backup_of_nothing_is_refused(empty):
    with pytest.raises(BackupError, match="空的"):
        _back_up(empty)


def _repacked(source: Path, target: Path, change) -> Path:
    """The archive with changed members: ``change`` gets and returns a list of (name, content)."""
    with tarfile.open(source) as tar:
        members = [(m.name, tar.extractfile(m).read()) for m in tar.getmembers()]
    with tarfile.open(target, "w:gz") as tar:
        for name, content in change(members):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return target


def _flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def _another_digest(members):
    (name, content), *rest = members
    manifest = json.loads(content)
    next(iter(manifest["files"].values()))["sha256"] = "0" * 64
    return [(name, json.dumps(manifest).encode()), *rest]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda m: [m[0], (m[1][0], _flip(m[1][1])), *m[2:]], id="a changed byte"),
        pytest.param(lambda m: [m[0], (m[1][0], m[1][1][:-1]), *m[2:]], id="a cut file"),
        pytest.param(lambda m: [m[0]], id="a missing file"),
        pytest.param(lambda m: [*m, ("../../evil", b"x")], id="a path outside"),
        pytest.param(lambda m: [*m, ("attachments/aa/" + "a" * 32, b"x")], id="an unlisted file"),
        pytest.param(lambda m: m[1:], id="no manifest"),
        pytest.param(lambda m: [(m[0][0], b"{}"), *m[1:]], id="an empty manifest"),
        pytest.param(_another_digest, id="another digest"),
    ],
)
def test_restore_refuses_a_changed_backup(app, empty, tmp_path, change):
    path, _ = _back_up(app)
    changed = _repacked(path, tmp_path / "changed.tar.gz", change)
    with pytest.raises(BackupError):
        _restore(empty, changed)
    assert not (tmp_path.parent / "evil").exists()
    with empty.app_context():
        assert not db.inspect(db.engine).get_table_names(), "nothing was restored"


def test_restore_refuses_a_cut_archive(app, empty, tmp_path):
    path, _ = _back_up(app)
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(BackupError):
        _restore(empty, cut)


def test_restore_tells_when_the_journal_was_tampered_with(app, empty, tmp_path):
    """A backup whose manifest was remade to fit: the journal's own chain shows it."""
    if not app.extensions["portal.config"].embedded:
        pytest.skip("the dump of PostgreSQL cannot be edited in place; the chain is checked by the same code")
    path, _ = _back_up(app)
    staging = tmp_path / "staging"
    manifest = archive.extract(path, staging)
    from portal.kernel.db import sqlite_module

    connection = sqlite_module.connect(str(staging / "portal.db"))
    connection.execute("DROP TRIGGER journal_no_update")
    connection.execute("UPDATE journal_entry SET facts = '{}' WHERE seq = 5")
    connection.commit()
    connection.close()
    forged = archive.Manifest(
        **{
            **json.loads(manifest.dump()),
            "files": {name: archive.describe(staging / name) for name in manifest.files},
        }
    )
    archive.write(tmp_path / "forged.tar.gz", forged, {name: staging / name for name in forged.files})
    _, verdict = _restore(empty, tmp_path / "forged.tar.gz")
    assert not verdict.ok
    assert verdict.bad_seq == 5


def test_a_failed_archive_leaves_no_half_file(app, tmp_path, monkeypatch):
    monkeypatch.setattr(archive.os, "fsync", lambda _handle: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        _back_up(app, tmp_path / "to")
    assert list((tmp_path / "to").iterdir()) == []

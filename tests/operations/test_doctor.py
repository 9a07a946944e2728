"""The doctor names what is unsafe, and the portal does not start with an error."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, text, update

from portal.kernel import clock, transaction
from portal.kernel.db import db, wal_is_safe
from portal.operations import doctor, storage
from portal.operations.doctor import Level
from portal.people.models import Unit
from portal.policy.models import PolicyValue
from tests import office as cast


@pytest.fixture
def config(app):
    """Settings with nothing to complain about."""
    made = replace(app.extensions["portal.config"], secret_key="aB3$" * 16, sample=True)
    if made.embedded:
        made.database_file.chmod(0o600)
    made.instance.chmod(0o700)
    return made


def codes(found, level=None):
    return {f.code for f in found if level is None or f.level == level}


def settings_codes(app, config, level=None):
    with app.app_context():
        return codes(doctor.settings(config), level)


def database_codes(app, config, level=None, **kw):
    with app.app_context():
        return codes(doctor.database(config, **kw), level)


def _become_real(app) -> None:
    with app.app_context(), transaction.turn():
        db.session.execute(update(Unit).values(sample=False))
        db.session.execute(text("DELETE FROM epoch WHERE name = 'people'"))
        transaction.commit()


def test_a_sound_site_has_no_findings(app, config):
    assert settings_codes(app, config) == set()
    assert database_codes(app, config, deep=True) - {"postgresql-unsafe"} == set()


def test_secret_key(app, config):
    assert settings_codes(app, replace(config, secret_key="short"), Level.ERROR) == {"secret-key-weak"}
    assert settings_codes(app, replace(config, secret_key="x" * 64), Level.ERROR) == {"secret-key-weak"}
    path = config.instance / "secret_key"
    path.write_text("x" * 64)
    path.chmod(0o644)
    assert settings_codes(app, config, Level.ERROR) == {"secret-key-readable"}
    path.chmod(0o600)
    assert settings_codes(app, config) == set()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('secret_key = "0123456789"', {"config-readable"}),
        ('database_url = "postgresql://portal:word@db/portal"', {"config-readable"}),
        ('database_url = "postgresql://portal@db/portal"', set()),
        ("threads = 8", set()),
    ],
)
def test_readable_settings_with_a_secret(app, config, content, found):
    path = config.instance / "config.toml"
    path.write_text(content)
    path.chmod(0o644)
    assert settings_codes(app, config, Level.ERROR) == found


def test_world_writable_instance(app, config):
    config.instance.chmod(0o777)
    try:
        assert "instance-world-writable" in settings_codes(app, config, Level.ERROR)
    finally:
        config.instance.chmod(0o700)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/portal", "nfs4"),
        ("/srv/portal/a b", "cifs"),
        ("/srv/portal/local", "ext4"),
        ("/srv/portalx", "ext4"),
        ("/home", "ext4"),
    ],
)
def test_the_longest_mount_counts(tmp_path, path, kind):
    from pathlib import Path

    table = (
        "/dev/sda1 / ext4 rw 0 0\nserver:/x /srv/portal nfs4 rw 0 0\n//server/y /srv/portal/a\\040b cifs rw 0 0\n"
        "/dev/sdb1 /srv/portal/local ext4 rw 0 0\nbroken\n"
    )
    assert storage.mounted_as(Path(path), table) == kind


def test_network_share_is_an_error_for_the_embedded_database_only(app, config, monkeypatch):
    monkeypatch.setattr(storage, "network_filesystem", lambda _path: "nfs4")
    embedded = replace(config, database_url="")
    assert settings_codes(app, embedded, Level.ERROR) == {"instance-on-network"}
    server = replace(config, database_url="postgresql://portal@db/portal")
    assert settings_codes(app, server, Level.ERROR) == set()
    assert settings_codes(app, server, Level.WARNING) == {"instance-on-network"}


def test_this_machine_is_no_network_share(tmp_path):
    assert storage.network_filesystem(tmp_path) == ""


def test_network_settings(app, config, monkeypatch):
    real = replace(config, sample=False)
    assert settings_codes(app, replace(real, host="0.0.0.0")) == {"no-https"}
    assert settings_codes(app, replace(real, host="0.0.0.0", https=True, trusted_proxies=1)) == set()
    assert settings_codes(app, replace(real, https=True)) == {"https-without-proxy"}
    assert settings_codes(app, replace(config, host="10.0.0.5")) == {"no-https", "sample-on-network"}
    assert settings_codes(app, replace(real, host="127.0.0.8")) == set()
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert settings_codes(app, real, Level.ERROR) == {"debug-on"}


def test_old_library(app, config, monkeypatch):
    monkeypatch.setattr(doctor, "sqlite_version", lambda: (3, 46, 1))
    assert settings_codes(app, replace(config, database_url="")) == {"sqlite-wal-unsafe"}
    assert settings_codes(app, replace(config, database_url="postgresql://db/portal")) == set()


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 50, 9), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
    ],
)
def test_which_libraries_keep_a_shared_wal_whole(version, safe):
    assert wal_is_safe(version) is safe


def test_little_space(app, config, monkeypatch):
    monkeypatch.setattr(storage, "free_bytes", lambda _path: 10 * 1024**2)
    assert settings_codes(app, config, Level.WARNING) == {"disk-nearly-full"}


def test_sample_and_real(app, config):
    assert database_codes(app, replace(config, sample=False), Level.ERROR) >= {"sample-data"}
    _become_real(app)
    assert database_codes(app, config, Level.ERROR) == {"not-sample"}


def test_habits_of_a_real_office(app, config, command):
    _become_real(app)
    real = replace(config, sample=False)
    assert database_codes(app, real, Level.WARNING) == {"backup-old", "verify-old"}
    assert command("backup").exit_code == 0
    assert database_codes(app, real, Level.WARNING) == {"verify-old"}
    assert command("verify").exit_code == 0
    assert database_codes(app, real, Level.WARNING) == set()
    with clock.at(clock.now() + timedelta(hours=25)):
        assert database_codes(app, real, Level.WARNING) == {"backup-old"}
    with clock.at(clock.now() + timedelta(days=8)):
        assert database_codes(app, real, Level.WARNING) == {"backup-old", "verify-old"}


def test_missing_and_unknown_migration(app, empty, config):
    assert database_codes(empty, empty.extensions["portal.config"]) == {"migration-missing"}
    with app.app_context(), transaction.turn():
        db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        transaction.commit()
    assert database_codes(app, config, Level.ERROR) == {"schema-unknown"}


def test_policy_values(app, config):
    with app.app_context(), transaction.turn():
        for key, value in (("people.session_idle_minutes", "soon"), ("people.gone", "1"), ("wall.gone", "2")):
            db.session.connection().execute(
                insert(PolicyValue), {"key": key, "value": value, "reason": "", "set_at": clock.now()}
            )
        transaction.commit()
    assert "policy-unreadable" in database_codes(app, config, Level.ERROR)
    assert "policy-unknown" in database_codes(app, config, Level.WARNING)


def test_clock(app, config):
    with clock.at(cast.FOUNDED - timedelta(days=2)):
        assert database_codes(app, config, Level.WARNING) - {"postgresql-unsafe"} == {"clock-behind"}
    with clock.at(cast.FOUNDED.replace(year=2001)):
        assert "clock-wrong" in database_codes(app, config, Level.ERROR)


def test_lost_attachments(app, config):
    from tests.operations.test_backup import _attach

    stored = _attach(app)
    assert "attachments-missing" not in database_codes(app, config, deep=True)
    (config.instance / "attachments" / stored[:2] / stored).unlink()
    assert "attachments-missing" in database_codes(app, config, Level.ERROR, deep=True)


def test_damaged_database_file(app, config):
    if not config.embedded:
        pytest.skip("pages of PostgreSQL are its own to check")
    with app.app_context():
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        size = db.session.scalar(text("PRAGMA page_size"))
        page = db.session.scalar(text("SELECT rootpage FROM sqlite_master WHERE name = 'ix_journal_entry_object'"))
        db.session.remove()
        db.engine.dispose()
    with open(config.database_file, "r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * 600)
    assert "database-damaged" in database_codes(app, config, Level.ERROR, deep=True)


def test_unsafe_server_settings(app, config, monkeypatch):
    if config.embedded:
        pytest.skip("asks a PostgreSQL server")
    with app.app_context():
        real = replace(config, sample=False)
        off = db.session.scalar(text("SHOW fsync")) == "off"
        assert ("postgresql-unsafe" in codes(doctor.database(real), Level.ERROR)) is off


def test_the_command_exits_by_the_worst_finding(app, command, config, monkeypatch):
    found = command("doctor")
    assert found.exit_code == 1
    assert "sample-data" in found.output
    _become_real(app)
    monkeypatch.setenv("PORTAL_HOST", "0.0.0.0")
    found = command("doctor")
    if config.embedded:
        assert found.exit_code == 0, found.output
    assert "[warning] no-https" in found.output
    assert "[warning] backup-old" in found.output


def test_run_refuses_an_error(app, command):
    (app.extensions["portal.config"].instance / "secret_key").write_text("x" * 64)
    (app.extensions["portal.config"].instance / "secret_key").chmod(0o644)
    found = command("run", "--demo", "--port", "0")
    assert found.exit_code == 1
    assert "secret-key-readable" in found.output
    assert "平台已启动" not in found.output


def test_run_refuses_sample_data_without_demo(app, command):
    found = command("run", "--port", "0")
    assert found.exit_code == 1
    assert "sample-data" in found.output


def test_demo_refuses_a_real_office(app, command):
    _become_real(app)
    found = command("demo")
    assert found.exit_code == 1
    assert "真实单位" in found.output

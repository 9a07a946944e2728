"""The benchmark can be run: what it fills is a good instance, and every row it measures is answered."""

from __future__ import annotations

import re

from portal.kernel import verification
from portal.kernel.db import db
from tests import office
from tests.bench import __main__ as bench
from tests.bench import fill
from tests.conftest import make_app


def test_the_filled_instance_is_sound_and_its_pages_answer(tmp_path):
    fill.build(tmp_path, 80, 8)
    app = make_app(tmp_path)
    with app.app_context():
        assert verification.verify().ok
        guards = db.session.connection().exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'")
        assert guards.scalar_one() > 100, "the guards are back"
        db.session.remove()
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
    sent = {"username": "clerk", "password": office.PASSWORD, "csrf_token": token and token[1]}
    assert client.post("/login", data=sent).status_code == 303
    for path in ("/", "/first-ask", "/cases", f"/cases/{bench._open_case(tmp_path)}"):
        assert client.get(path, follow_redirects=True).status_code == 200, path
    with app.app_context():
        db.engine.dispose()

"""The least that Flask and SQLAlchemy can do: the limit that the portal is compared with in the same run."""

from __future__ import annotations

import hmac
import os
import secrets
import threading
from datetime import datetime, timedelta

from flask import Flask, abort, redirect, request, session
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Index, event, select
from werkzeug.wrappers import Response

from portal.kernel.db import sqlite_module

app = Flask(__name__)
app.config.update(
    SECRET_KEY="bench only",
    SQLALCHEMY_DATABASE_URI=f"sqlite:///{os.environ.get('FLOOR_DB', ':memory:')}",
    SQLALCHEMY_ENGINE_OPTIONS={"module": sqlite_module, "connect_args": {"check_same_thread": False}},
)
db = SQLAlchemy(app)
turn = threading.Lock()


class User(db.Model):  # type: ignore[name-defined,misc]
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80))


class Entry(db.Model):  # type: ignore[name-defined,misc]
    id = db.Column(db.Integer, primary_key=True)
    department = db.Column(db.Integer, nullable=False)
    created = db.Column(db.DateTime, nullable=False)
    due = db.Column(db.DateTime, nullable=False)
    author = db.Column(db.Integer, nullable=False)
    title = db.Column(db.String(200), nullable=False)
    __table_args__ = (Index("by_created", "created"), Index("by_due", "due"))


with app.app_context():

    @event.listens_for(db.engine, "connect")
    def _pragmas(connection, _record):  # type: ignore[no-untyped-def]
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA busy_timeout=10000")

    @event.listens_for(db.engine, "begin")
    def _begin(connection):  # type: ignore[no-untyped-def]
        from flask import has_request_context

        unsafe = has_request_context() and request.method == "POST"
        connection.exec_driver_sql("BEGIN IMMEDIATE" if unsafe else "BEGIN")


@app.get("/hello")
def hello() -> str:
    """Nothing but an answer."""
    return "hello"


@app.get("/form")
def form() -> str:
    """A form with a CSRF token in a signed session."""
    session["user"] = 1
    token = session.setdefault("csrf", secrets.token_hex(16))
    return f'<form method="post" action="/add"><input type="hidden" name="csrf_token" value="{token}"></form>'


@app.post("/add")
def add() -> Response:
    """A checked insert: session, user, CSRF, one row, one durable commit."""
    with turn:
        user = db.session.get(User, session.get("user", 0)) or abort(403)
        if not hmac.compare_digest(session.get("csrf", ""), request.form.get("csrf_token", "")):
            abort(400)
        now = datetime.now()
        db.session.add(
            Entry(department=1, created=now, due=now + timedelta(days=5), author=user.id, title=request.form["matter"])
        )
        db.session.commit()
        return redirect("/list", 303)


PAGE = app.jinja_env.from_string(
    "<!doctype html><title>List</title><table>{% for e in rows %}<tr><td>{{ e.id }}<td>{{ e.title }}<td>"
    "{{ e.department }}<td>{{ e.due.strftime('%Y-%m-%d %H:%M') }}<td>{{ e.author }}{% endfor %}</table>"
)


@app.get("/list")
def newest() -> str:
    """The newest fifty rows from an index."""
    return PAGE.render(rows=db.session.scalars(select(Entry).order_by(Entry.created.desc()).limit(50)).all())


def fill(rows: int) -> None:
    """Make the tables and some rows."""
    with app.app_context():
        db.create_all()
        if db.session.get(User, 1) is None:
            now = datetime.now()
            db.session.add(User(id=1, name="bench"))
            db.session.execute(
                Entry.__table__.insert(),
                [
                    {
                        "department": n % 6,
                        "created": now - timedelta(minutes=n),
                        "due": now + timedelta(minutes=n % 9000),
                        "author": n % 20,
                        "title": f"科普教育基地认定 {n}",
                    }
                    for n in range(rows)
                ],
            )
            db.session.commit()

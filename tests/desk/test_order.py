"""The list of a home begins with what is most urgent, and every line of it can be reached (W-3)."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

from portal.kernel import plates
from portal.kernel.plates import ToDo
from portal.openness import queries as openness
from portal.openness import room
from portal.people import queries as people
from tests.office import NOW


def given(*todos: ToDo):
    return SimpleNamespace(todos=lambda _actor, _now: list(todos))


def todo(kind: str, days: float | None = None, light: str = "normal") -> ToDo:
    return ToDo(kind, kind, "", "/", "办理", None if days is None else NOW + timedelta(days=days), light)


def test_red_then_overdue_then_by_deadline(office, monkeypatch):
    found = [
        todo("none"),
        todo("amber-later", 8, "due_soon"),
        todo("amber", None, "due_soon"),
        todo("tomorrow", 1),
        todo("late", -2, "overdue"),
        todo("late-unsaid", -3),
        todo("late-none", None, "overdue"),
        todo("red", None, "red"),
        todo("next-week", 7),
    ]
    monkeypatch.setattr(plates, "plates", lambda: [given(*found[:4]), given(*found[4:])])
    assert [t.kind for t in plates.todos(people.actor_by_username("principal", NOW), NOW)] == [
        "red", "late-unsaid", "late", "late-none", "tomorrow", "next-week", "amber-later", "amber", "none",
    ]  # fmt: skip


def test_who_oversees_has_one_line_a_year_for_what_departments_owe(app, ids, monkeypatch):
    def due(department: str, on: date):
        return SimpleNamespace(department_id=ids.departments[department], due_on=on, title="办件情况", duty_id=1)

    owed = [due("YW", date(2025, 12, 10)), due("YW", date(2026, 10, 10)), due("BG", date(2026, 9, 10))]
    monkeypatch.setattr(openness, "owed_by", lambda _actor, _today: owed)
    with app.test_request_context():
        found = room.todos(people.actor_by_username("principal", NOW), NOW)
        assert [(t.kind, t.light) for t in found] == [("openness.late", "overdue")] * 2
        assert "2 项" in found[1].title
        assert "year=2026" in found[1].url
        headed = room.todos(people.actor_by_username("head", NOW), NOW)
        assert [t.kind for t in headed].count("openness.owed") == 2


def test_what_does_not_fit_can_be_opened(login, monkeypatch):
    monkeypatch.setattr(plates, "plates", lambda: [given(*(todo(f"第 {n} 项", n) for n in range(1, 21)))])
    page = login("principal").get("/").text
    assert "第 20 项" in page
    assert "另有 8 项" in page

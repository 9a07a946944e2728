"""Many cases at once: entries, cases, materials, search index and a journal whose chain verifies."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from portal.ab_post import service as ab
from portal.ab_post.models import Letter
from portal.calendar import queries as calendar
from portal.cases.rules import ClockFacts, clocks
from portal.completion_report import tallies
from portal.kernel import clock, journal, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import sqlite_module
from portal.kernel.search import SPACES, tokens
from portal.operations.schema import upgrade
from portal.people import administration, pairing
from portal.people import queries as people
from portal.post_duty import service as posts
from portal.post_duty.models import PostKind
from portal.wall import service as screens
from tests import office
from tests.conftest import make_app

MATTERS = (
    "科普教育基地认定",
    "学会负责人变更备案",
    "科技工作者维权",
    "科普活动场地申请",
    "学术会议备案",
    "专家服务预约",
)
NAMES = ("周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈")
STEP = timedelta(seconds=45)
#: The token of the display that polls the wall.
TOKEN = "bench-display-token"


def build(folder: Path, cases: int, opened: int) -> SimpleNamespace:
    """Make an instance with the fixed cast and that many cases, ``opened`` of them open; returns the cast's ids."""
    app = make_app(folder)
    with app.app_context():
        upgrade()
        ids = office.build()
        _windows(ids)
        _pair(ids)
        head = journal.head()
        work = calendar.work_calendar()
    connection = sqlite_module.connect(str(folder / "portal.db"))
    connection.execute("PRAGMA synchronous=OFF")
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'").fetchall()
    for name, _statement in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    _fill(connection, ids, cases, opened, head, work)
    for _name, statement in triggers:
        connection.execute(statement)
    connection.execute("INSERT INTO tally_mark (day) SELECT DISTINCT date(received_at, '+8 hours') FROM \"case\"")
    connection.execute("INSERT INTO tally_mark (day) SELECT closed_on FROM \"case\" GROUP BY 1 HAVING closed_on <> ''")
    connection.commit()
    with app.app_context(), transaction.act():
        tallies.tally(clock.now(), most=10_000)
    connection.execute("ANALYZE")
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return ids


#: Departments with cases besides the first one, among which a third of the cases is spread.
WINDOWS = 23


def _windows(ids: SimpleNamespace) -> None:
    """More windows beside those of the cast, each with a post."""
    with transaction.act():
        for n in range(WINDOWS - 1):
            code = f"W{n:02}"
            made = administration.add_department(SYSTEM, code, f"第 {n + 3} 窗口", office.FOUNDED, sort=10 + n)
            post = posts.add(SYSTEM, f"{code}-1", "受理岗", made.id, office.FOUNDED, kind=PostKind.STAFF)
            ab.assign(SYSTEM, post, Letter.A, ids.users["other"], office.SINCE, office.SINCE, office.FOUNDED)
            ids.departments[code], ids.posts[f"{code}-1"] = made.id, post.id


def _pair(ids: SimpleNamespace) -> None:
    """A display, paired as through its page."""
    now = clock.now()
    with transaction.act():
        _secret, asked = pairing.ask(now)
        made = screens.pair(people.actor_by_username("office", now), asked.code, "bench", False, now)
        made.token_hash = people.token_hash(TOKEN)


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


class _Chain:
    """Appends entries to the journal's chain as the portal does."""

    def __init__(self, head: tuple[int, str]) -> None:
        self.seq, self.hash = head
        self.rows: list[tuple[Any, ...]] = []

    def add(
        self, at: datetime, tag: str, actor: int, post: int, kind: str, object_id: int, case: int | None, facts: str
    ) -> None:
        """One entry."""
        self.seq += 1
        values = [
            self.seq,
            journal.stamp(at),
            tag,
            actor,
            None,
            post,
            kind,
            object_id,
            case,
            facts,
            None,
            "bench",
            "sha256",
        ]
        prev, self.hash = self.hash, journal.digest("sha256", self.hash, values)
        self.rows.append(
            (
                self.seq,
                _text(at),
                tag,
                actor,
                None,
                post,
                kind,
                object_id,
                case,
                facts,
                None,
                "bench",
                "sha256",
                prev,
                self.hash,
            )
        )


def _insert(connection: Any, table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    marks = ",".join("?" * len(columns.split(",")))
    connection.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', rows)
    rows.clear()


def _fill(connection: Any, ids: SimpleNamespace, cases: int, opened: int, head: tuple[int, str], work: Any) -> None:
    rng, chain = random.Random(7), _Chain(head)
    now = datetime.now(UTC)
    items = list(ids.items.values())
    first, others = ids.departments["YW"], ["XH", *(code for code in ids.departments if code.startswith("W"))]
    desks = {first: [ids.posts["YW-1"], ids.posts["YW-2"]]}
    desks |= {ids.departments[code]: [ids.posts[f"{code}-1"]] for code in others}
    clerks = {ids.departments[code]: [ids.users["other"]] for code in others}
    clerks[first] = [ids.users["clerk"], ids.users["clerk2"]]
    every = max(1, cases // max(1, opened))
    asks: list[tuple[Any, ...]] = []
    rows: list[tuple[Any, ...]] = []
    materials: list[tuple[Any, ...]] = []
    handlers: list[tuple[Any, ...]] = []
    archives: list[tuple[Any, ...]] = []
    found: list[tuple[Any, ...]] = []
    for n in range(1, cases + 1):
        still = n % every == 0
        # Open cases are of the last weeks; the others end before them.
        at = now - (timedelta(minutes=rng.randrange(60, 20_000)) if still else STEP * (cases - n) + timedelta(days=15))
        department = first if n % 3 else ids.departments[others[n // 3 % len(others)]]
        post, clerk = rng.choice(desks[department]), rng.choice(clerks[department])
        matter, name = f"{rng.choice(MATTERS)}", rng.choice(NAMES) + "某"
        number, ask = f"SX-{at.year}-{n:07d}", f"SW-{at.year}-{n:07d}"
        accepted = at + timedelta(hours=1)
        law = clocks(ClockFacts(accepted, "5wd", "20wd"), work) if still else None
        due = law.due_at if law else accepted + timedelta(days=7)
        closed = None if still else accepted + timedelta(days=rng.randrange(1, 9))
        asks.append(
            (
                n,
                ask,
                _text(at),
                _text(at),
                "visit",
                matter,
                items[0],
                "",
                name,
                "13800000000",
                "",
                "",
                "case",
                clerk,
                department,
                post,
                n,
                "",
                "",
                0,
                "",
                "",
                "",
            )
        )
        rows.append((
            n, number, items[0], "promised", matter, "", name, "13800000000", post, department,
            "in_progress" if still else "completed", _text(at), clerk, _text(accepted), _text(accepted), 0,
            "5wd", "20wd", 0, 0,
            _text(due), _text(law.soon_at) if law else _text(due), _text(law.red_at) if law else _text(due),
            _text(due + timedelta(days=21)), None, _text(due + timedelta(days=22)), 0, 0,
            None if closed is None else _text(closed),
            None if closed is None else clock.local(closed).date().isoformat(),
            int(closed is not None and closed > due), None if closed is None else 1000 * (closed - accepted).days // 7,
            None if closed is None else clerk, "" if still else "已办理", "", "", 1,
        ))  # fmt: skip
        if n % 4 == 0 or still:
            materials += [(n, p, f"材料 {p}", "原件", 1, 1, 1, _text(at), "") for p in (1, 2)]
        handlers.append((n, clerk))
        if closed is not None:
            archives.append((n, department, _text(closed), clerk, ""))
        chain.add(at, "first_ask.filed", clerk, post, "first_ask", n, None, f'{{"number":"{ask}"}}')
        chain.add(at, "cases.received", clerk, post, "case", n, n, f'{{"matter":"{matter}","number":"{number}"}}')
        if closed is not None:
            chain.add(closed, "cases.completed", clerk, post, "case", n, n, '{"late":false}')
        words = tokens(number, matter, name)
        found += [(n * 8 + SPACES["case"], words), (n * 8 + SPACES["first_ask"], words)]
        if n % 20_000 == 0 or n == cases:
            _write(connection, asks, rows, materials, handlers, archives, chain, found)
    year = now.year
    for prefix in ("SX", "SW"):
        connection.execute(
            "INSERT OR REPLACE INTO number_series(prefix, year, last) VALUES (?,?,?)", (prefix, year, cases)
        )
    connection.commit()


def _write(
    connection: Any, asks: Any, rows: Any, materials: Any, handlers: Any, archives: Any, chain: _Chain, found: Any
) -> None:
    _insert(
        connection, "case",
        "id,number,item_id,kind,matter,client_unit,client_name,client_phone,post_id,department_id,state,received_at,"
        "received_by_id,accepted_at,clock_from,tacitly_accepted,promised_limit,statutory_limit,next_day_after_hours,"
        "restarts,due_at,soon_at,red_at,statutory_due_at,warn_at,warned_at,provisional,stopped,closed_at,closed_on,"
        "closed_late,share_used,answered_by_id,result,outcome_document,overdue_statement,version",
        rows,
    )  # fmt: skip
    _insert(
        connection, "first_ask",
        "id,number,asked_at,filed_at,channel,matter,item_id,client_unit,client_name,client_phone,materials_left,outcome,"
        "disposition,asker_id,department_id,post_id,case_id,outside_authority,outside_contact,urgent,urgent_reason,"
        "acknowledgement,answer",
        asks,
    )  # fmt: skip
    _insert(
        connection,
        "case_material",
        "case_id,position,name,form,copies,required,in_checklist,received_at,returned_to",
        [(*m,) for m in materials],
    )
    materials.clear()
    _insert(connection, "case_handler", "case_id,user_id", handlers)
    _insert(connection, "case_archive", "case_id,department_id,filed_at,filed_by_id,note", archives)
    _insert(
        connection, "journal_entry",
        "seq,at,event,actor_id,for_user_id,post_id,object_type,object_id,case_id,facts,personal_digest,source,algorithm,"
        "prev_hash,hash",
        chain.rows,
    )  # fmt: skip
    _insert(connection, "search_index", "rowid,tokens", found)
    connection.commit()

"""Inspections as the tests of this room make them."""

from __future__ import annotations

import io

from werkzeug.datastructures import FileStorage

from portal.people import queries as people
from portal.supervision import service
from portal.supervision.models import Manner, Severity
from portal.supervision.service import Seen, Visit
from tests.office import NOW

#: One white dot.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c636800000082008177cd72b6"
    "0000000049454e44ae426082"
)
SEEN = Seen("服务态度", Severity.ORDINARY, "窗口人员未起身接待。")


def photo(name="现场.png", content=PNG):
    """A photo as a form sends it."""
    return FileStorage(io.BytesIO(content), filename=name)


def inspected(ids, seen=SEEN, code="YW", who="supervisor", at=NOW, uploads=(), **more):
    """An inspection of a department; to be called in a transaction."""
    actor = people.actor_by_username(who, at)
    visit = Visit(ids.departments[code], more.pop("manner", Manner.OPEN), "一楼大厅", seen=seen, **more)
    return service.inspect(actor, visit, at, uploads)

"""Workbooks between preview and confirmation."""

from __future__ import annotations

from portal.kernel.waiting import Shelf

SHELF = Shelf("intake")
folder, keep, read, drop, sweep = SHELF.folder, SHELF.keep, SHELF.read, SHELF.drop, SHELF.sweep

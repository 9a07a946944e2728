"""Workbooks between preview and confirmation."""

from __future__ import annotations

from portal.kernel.waiting import Shelf

_shelf = Shelf("intake")
folder, keep, read, drop, sweep = _shelf.folder, _shelf.keep, _shelf.read, _shelf.drop, _shelf.sweep

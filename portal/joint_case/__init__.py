"""Joint cases and cases that go to an upper authority (T-9): several departments at once, whose time is whose.

Every part of a joint case is a case of its own, with post, limit, clocks, pauses, queue and lights; the client's matter
is counted once, in the lead case. Never: a lead case completed while a part is open; a part whose limit reaches
beyond the lead's; a case that lies with two authorities at once.
"""

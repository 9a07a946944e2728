"""What the database itself refuses about messages that go out, urging and supervision (T-6, T-12)."""

from __future__ import annotations

#: Of migration 0009, in the form of `guards.GUARDS`.
REMINDER_GUARDS = (
    (
        "outgoing_claimed_before_sent",
        "outgoing",
        "UPDATE",
        "NEW.state = 'sent' AND OLD.state <> 'sending'",
        "a message is claimed before it is sent",
    ),
    ("outgoing_sent_once", "outgoing", "UPDATE", "OLD.state = 'sent'", "what was sent is not sent again"),
    ("channel_no_delete", "channel", "DELETE", None, "channels are closed, never deleted"),
)

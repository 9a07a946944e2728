"""What the portal says to a person: the inbox, and the channels by which a message also goes out of the house (T-6).

Rooms call `service.tell`: one message per person and key, however often and by however many sweepers it is told. The
message stands in the person's inbox at once. For each channel that the person has chosen for that kind of message an
`Outgoing` row is written in the same transaction; `delivery` sends it later, in the sweep, outside every transaction
that others wait for, and only in the hours that the channel allows.

A row is claimed and committed before it is sent, and marked sent after. What happens between cannot be known: a
process killed there, or a service that took the message and answered too late, leaves the row *unknown*. It is shown
to the person and the office and is never sent again by itself. So a message goes out at most once without a person's
doing; what certainly did not go out is tried again until the office's limit.

Never: a client's name or phone in a message; an address other than the known services, the site's own mail server and
the hosts that ``config.toml`` names; an address shown again in full, or in the journal; sending while a request waits.
"""

"""台账: registers of study, meetings, safety checks, duty and client meetings (O-4, S-2).

What a register is – its name, what an entry asks, who keeps it, how often, whether attendance is taken, whether hours
and notes count, whether hazards are rectified, shifts handed over, or a meeting's words passed on – is data that the
office can change. An entry is drafted, filed, and afterwards corrected only with a reason and the old words kept.

Never: a person counted as absent without reason who is known to be away; a hazard re-checked by who rectified it;
an entry, a presence or a check that disappears.
"""

"""Appointments (C-6): service outside hours or at a time, asked for, answered, and followed until it is done.

Anybody asks without a login, or by phone or at the counter through staff; the department confirms, proposes another
time or declines the time, and records who came. A declined time is never a refusal of the matter (D-1).

Never: more people in a slot than it takes; anything personal shown by number and code; an appointment ended unseen.
"""

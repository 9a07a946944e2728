"""考评整改: a weak published result is rectified by a date, re-checked, and followed up when nothing improves (E-8).

Keeps E-8; T-3 for the date; A-3 by way of a clue when there is no improvement.

Never: an order about a result that is not published; a department that re-checks itself; two orders for one month.
"""

"""工作计划: the yearly plan of a department, broken down to person, measure and date, and its supervision (E-1).

Keeps E-1; T-3, T-5 and T-6 for its dates; A-1 for what is late.

Never: a plan approved by whoever drafted it; an approved plan that changes but by an approved amendment or extension
with its reason; an item confirmed, or given more time, by whoever is responsible for it; a concluded review that
changes.
"""

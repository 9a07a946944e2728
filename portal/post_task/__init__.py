"""Matters handed to a post by a leader or an upper authority (P-4): given date, answered for, confirmed by who gave it.

Keeps P-4, T-3, T-5 (extension before expiry, by the assigner), T-6 (derived states), T-8 (overdue only with a
statement). A task belongs to a post: whoever answers for the post answers for the task (AB-4).

Never: a task confirmed, or given more time, by whoever carries it out; a task that ends without the assigner.
"""

"""催办 and numbered 督办: whoever is responsible is asked, answers by a date, and the asking side decides (T-12, T-6).

A head, a leader in charge, the principal or the office urge a case or a task; the urge goes to whoever answers for its
post, stands on its timeline and wants a reply by a date. A supervision has a number, a date by the working calendar and
a paper; its reply is accepted, or asked for again, by the side that issued it. The room also says when a case passes a
threshold (T-6), and says it again while its handler does nothing: first to the handler, then one level up each time.

Never: a reply accepted by who gave it or answers for the post; a supervision closed twice; a reminder told twice for
one person and threshold, however many sweeps run; a client's name in a reminder.
"""

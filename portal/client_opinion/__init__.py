"""服务对象意见办理: signed problems, opinions, suggestions and bad reviews, from their coming in to their end (S-4).

A bad review's client is contacted at once; the department concerned drafts an answer, its leader approves it, the
client gets it; what is confirmed is rectified in writing after a written notice and re-checked by the office; every bad
review ends with a call-back. What is found untrue is marked so with reasons, by two persons, and leaves the score.

Never: an answer approved, or a rectification re-checked, by who wrote it; a review marked untrue by one person, or by
anybody of the department concerned; a client's name or phone in the journal, in a message, or before the eyes of who
need not contact them.
"""

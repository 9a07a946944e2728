"""Pages for everybody, without a login: catalogue and guides, staff on duty, where a case stands, kept promises
(C-1, C-4, C-5, C-7, C-8, O-6, R-1, W-0).

Never: a client's name, unit, phone or words, not even one's own; why somebody is away; a figure of fewer cases than
the policy names; an answer to guessing that tells a wrong code from a missing case.
"""

"""Pages for everybody, without a login: staff on duty (C-7).

Never: why somebody is away, anything of a case or a client, or anything that a login would show.
"""

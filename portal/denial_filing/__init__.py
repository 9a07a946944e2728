"""Denial filing (D-1 … D-5, D-7): who handles a matter cannot refuse it; a leader decides before the client is told.

Never: a decision by the filer, by who handled the matter, or on content that was changed meanwhile; a second decision;
a grave filing decided by the leader in charge; a written decision without an agreed filing.
"""

"""Denial filing (D-1 … D-7): nobody who handles a matter can refuse it; a leader decides before the client is told.

Never: a decision by the filer, by who handled the matter, or on content that was changed meanwhile; a second decision.
"""

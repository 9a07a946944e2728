"""One-time notice (N-1 … N-4): all that is missing or wrong is told at once, from the checklist bound at receipt.

Never: a notice that says why something is refused; a second notice that hides what the first one forgot.
"""

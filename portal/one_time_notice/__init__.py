"""One-time notice (N-1 … N-4, N-6, N-7): what is missing or wrong is told at once, from the checklist of receipt.

Never: a notice that leaves out a required paper that was not handed in; a notice that says why something is refused;
a second notice that hides what the first one forgot.
"""

"""The office TV (W-0 … W-2): honest figures, readable from five metres, opened by a revocable display token.

Never: a client's name; a figure without the time of its data.
"""

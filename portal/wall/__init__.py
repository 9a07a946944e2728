"""The office TV (W-0 … W-2): honest figures, readable from five metres, opened by a revocable display token.

Never: a client's name; a figure without the time of its data; a token in an address or a log; a display that opens
anything but the wall.
"""

"""The pure core: limits, working days, deadlines, moves, numbers and text.

Standard library only. No clock is read here, and nothing is kept between calls.
"""

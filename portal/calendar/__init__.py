"""The office's calendar (T-3): official holidays and shifted workdays, overrides, and what is still provisional.

Never: a silent guess beyond the known years.
"""

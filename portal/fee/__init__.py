"""Fees as charged, and what clients got for a broken promise (C-8, C-9): both recorded on the case.

A fee stands beside the one that the case's version publishes; where they differ there is a reason, and the difference
is a fact of the journal with its amounts. A consequence is one that the version publishes; somebody proposes it,
somebody else of rank approves it, and only then is it recorded as given.

Never: a difference without a reason; a record changed or deleted (a mistake is corrected by a further record); a
consequence approved by who proposed it, or given without approval.
"""

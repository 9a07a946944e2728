"""Leave (O-3, AB-2): asking, the chain of approval by kind, length and role, handover before it, balances, register.

Never: somebody approving their own leave, also not by acting for another; an absence made by a request whose steps
were not all taken by others; a post left to nobody by an approval.
"""

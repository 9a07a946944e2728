"""People: the unit, its departments, users, roles, login and sessions (R-1, R-2; POL profile of level 2).

Never: a session that outlives logout, password change or disabling; a login answer that tells unknown from wrong;
two of the three separated administrators' roles in one hand.
"""

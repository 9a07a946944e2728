"""Taking in a whole office from one workbook: departments, people, posts, service items, materials (R-1).

Keeps R-1, R-2, AB-1, C-2 for imported rows by the same verbs that the pages use.

Never: a row written while another one is wrong; a change of what exists already; a role given by somebody who may not
give it; a password stored in clear.
"""

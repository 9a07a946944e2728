"""Training of backups (AB-7): B is trained for A's post by plan, every session is recorded, the head confirms.

Never: a plan counted as done that no session stands behind, or that the trained person confirmed.
"""

"""回访: every week some clients of the week before, drawn at random so that anybody can draw them again (S-5).

Never: a draw whose seed somebody could choose; a week drawn twice, or a case drawn twice; a client called by who
handled the case; grades shown of a group so small that one person's could be told.
"""

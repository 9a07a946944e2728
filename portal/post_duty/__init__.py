"""Post responsibility (R-1, P-1): posts of departments and the leaders in charge. Cases belong to posts.

Never: a case that belongs to a person.
"""

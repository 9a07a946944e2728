"""Policy as data (POL-1), the text of the nine systems (POL-3) and the table of rules.

Never: a changed value that rewrites what was decided under the old one.
"""

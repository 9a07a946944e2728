"""Openness (O-1): functions, guides, results and notices, written by one person, approved by another, read by all.

A notice is published in versions: what was published never changes, older versions stay readable to staff. The yearly
list says what must be published by whom and when.

Never: a notice approved by its author, a published text changed, a withdrawn text still shown to the public, anything
of a notice that is not approved shown without a login.
"""

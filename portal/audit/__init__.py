"""The journal's reading room (J-1, J-2) for the auditor: read, filter, verify, export heads.

Never: business content beyond what an audit needs; a change.
"""

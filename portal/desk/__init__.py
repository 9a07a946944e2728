"""Homes for each role (W-3): what a person has to do now. Reads only.

Never: a figure that does not open its list.
"""

"""Service commitment (C-1 … C-3): the catalogue of service items, their promises and checklists, by version.

Never: a promise longer than the statute; a case judged by another version than that of its day.
"""

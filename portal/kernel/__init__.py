"""The machinery every room stands on: database, journal, access, transactions, forms, files, words.

Knows Flask and the database, knows no room. Keeps J-1 and J-2 (one append-only, hash-chained journal), the single
commit point, idempotent submissions and deny-by-default access.
"""

"""The year's grades of departments and persons: scores, secret ballots, quotas, veto, bonus (E-5, E-7, A-4, P-5).

Never: more of a grade than its quota allows; a higher score with a lower grade, but for somebody barred; a ballot that
tells who gave it, to anybody, also in the database or a backup of it; a figure of so few ballots that it tells one; a
published result that changes other than by a later entry linked to it.
"""

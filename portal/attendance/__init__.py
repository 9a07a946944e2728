"""Attendance (O-3) and findings of work discipline (P-3): punches, what they amount to by the rules, and inspections.

Never: a punch changed or invented; an absence that was approved counted against anybody; a correction or a finding
decided by the person whom it concerns.
"""

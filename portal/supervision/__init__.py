"""Inspections of the office's own work, planned and unannounced, and what follows from them.

Keeps O-2 (inspection, finding, rectification with a date, re-check, feedback to the leader in charge), D-6 (a refusal
without filing seen on the spot), P-3 (work discipline goes to the attendance room, no second store), AB-4, J-1, J-3.

Never: an unannounced inspection known to the inspected before it was carried out; somebody inspecting their own
department; a rectification checked by the department or by whoever reported it; a finding withdrawn by one person.
"""

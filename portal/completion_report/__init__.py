"""Figures of completion, result errors, and the monthly statistics of the departments (W-0, C-4, T-6, O-8).

Never: a figure whose list has another number of rows; a rate that leaves out what is open and overdue; a case counted
twice in the unit's totals because parts of it lie with several departments; a result error recorded by who handled
the case, or erased; a filed month that changes afterwards.
"""

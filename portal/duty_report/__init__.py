"""Year-end reports on duty (P-5): every holder reports on the year, a defined circle assesses, the result is counted.

Never: somebody assessing their own report; a grade given twice or changed; the reported person shown who gave which
grade, or any count before the round is closed.
"""

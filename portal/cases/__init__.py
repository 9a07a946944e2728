"""Cases: the spine of the house (T-2 … T-8, T-11, N-5 … N-7, J-4).

Never: *denied* or *returned* without an approved filing by someone else (D-1; also refused by the database);
a change of a closed case; an overdue case closed without a statement; an ending by one person where two are needed.
"""

"""Clues (问责线索): what the portal's own facts show that a rule was departed from, and what people report by hand.

Kept here: A-1 (each departure once, with rule, matter, person and evidence; dismissed only with reasons) and, as the
other rooms' facts show them, T-4, T-6, T-7, T-7a, T-12, N-4, D-5, D-6, F-4, F-5, AB-3, AB-5, AB-6, C-9, O-2, O-3,
O-8, P-3, P-4, S-4, W-0.

Must never happen: one departure raised twice, by however many sweeps at once; a clue without evidence; a clue whose
fact was corrected standing as if it were true; a clue dismissed by whom it concerns, or without a reason; a clue
deleted; a clue shown to the person whom it concerns.
"""

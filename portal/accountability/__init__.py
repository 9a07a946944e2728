"""责任追究制: a clue becomes a proceeding, and a proceeding ends with a decision that is fair to whom it concerns.

Keeps A-2 (registered, investigated, heard, found, decided, told, reviewed on request, closed; conflicts of interest),
A-3 and P-6 (the ladder of measures, rectification orders, repeated matters, expiry), A-4 (what follows for score,
awards and bonus, as derived lines) and AB-4 (nothing of a proceeding passes to who acts for somebody).

Never: somebody who investigates, decides or reviews their own matter, one that they complained of or raised, also not
in another's place; a finding before the person was heard; a measure above the decider's authority or below the floor
after a repetition; a review that makes it worse; a closed file that changes; a reading without an entry in the
journal; a complainant or raiser shown to the person concerned.
"""

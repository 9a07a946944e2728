"""半年公示: what half a year says of first-ask, A/B posts and appraisal, told to everybody (F-7).

Drafted from the facts of the rooms that count them, approved by the leadership, published, frozen. The list of A and B
of all posts has a publication of its own (AB-5); here only the edition is named that was published.

Never: a client's name; a publication that nobody else approved; one that changes after it was published. A mistake is
corrected by a later edition that names the one before.
"""

"""办事监督卡: what a client takes away about a matter: limit, what to mind, whom to ask, to whom to complain (O-5).

A card says what stood when it was issued and never changes; a wrong one is withdrawn with a reason and issued anew.
Never: a client's name or phone on a card, two valid cards for one case, a card that the check page cannot tell from
a forged one.
"""

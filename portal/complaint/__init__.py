"""Complaints (A-5): from any channel to an answer within its limit, and who complained known to one officer alone.

Anybody complains, named or anonymous, and follows the complaint by its number and a secret code (C-5). It is taken up,
passed on or not taken up, told in writing; looked into by an assigned officer, answered once somebody else has
approved the result, and closed with what the complainant thinks of the answer. A refusal without filing that comes to
light is ticked (D-6).

Never: the name, phone, address or files of a complainant shown to anyone but the assigned officer, nor in a list, an
export, the search or the journal; a complaint decided, looked into or answered by the person or department concerned
or by who had a hand in the case; a result approved by its officer; more to the department than the edited extract;
identity passed on to who acts for the officer; an ended complaint changed.
"""

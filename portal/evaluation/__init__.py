"""服务对象评议: a closed case's client says, once and of free will, how it was served (S-1, S-3).

A slip bears a code; the code opens one ballot, at home or at the counter's tablet. Whoever signs is answered (S-4);
all other ballots are anonymous, also for whoever reads the database.

How an anonymous ballot is kept apart from its visit:

* A code proves itself: it is random signs with a keyed checksum over department and month. Handing one out writes
  nothing but one more slip of that department and month; neither the case nor the journal knows of it, and the page
  that bears the code is not kept with the answers to repeated submissions.
* A used code leaves its keyed digest among those of its department and month, sorted, in one value that is written
  anew each time. Nothing stands beside it, neither ballot nor time.
* A ballot lies in the urn of its department and month: sealed, padded to one length, shuffled with the others, all of
  them one value of one row. The key lies in the instance folder alone, outside the database and every backup, and is
  replaced once a day. Two successive backups show that a ballot more lies in an urn, never what it says.
* The urn is opened once a day at most, and only with as many ballots as the policy says (or at the end of the month's
  slips, with what is left). Then the figures grow and comments join the others; the journal tells of the batch.
  Figures of fewer ballots than the policy says are shown to nobody, and enter no total from which they could be told.

What this does not protect: whoever watches the running machine (its memory, the urn's key, the network, the screen of
the tablet) while a client votes; the handwriting of a comment; a department that had one visitor in a whole month.
A restored backup lacks the urn's key: ballots that were not yet counted are lost then, which the journal says.

Never: a ballot by staff, or from a browser in which staff is logged in; a second ballot of one code; a case, a post, a
person, a code or a time with an anonymous ballot; figures of a group that is too small.
"""

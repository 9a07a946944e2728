"""考核评分表: the tables by which departments and persons are scored, as data (E-2, POL-1, POL-2).

A table is taken over from a shipped one or made anew; it lives in versions. The office writes a draft, somebody else
approves it, and from the first day of a month on it holds for its kind of subject until another one does. Everybody
who is scored may read every version, compare two of them and print them.

Never: a version in force with a figure that nobody has set; a version that changes once it was sent for approval; an
approval by somebody who wrote in the draft; a version that comes into force for a month that was computed.
"""

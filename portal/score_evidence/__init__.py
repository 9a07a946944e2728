"""The evidence of scores (考评依据): every line of a month's score opens the fact that it rests on.

Kept here: E-3 (automatic lines from the facts of the month, manual ones with note, date, finder, attachment and a
second person's approval; the scored see their own lines when computed and may object line by line; somebody else
rules), the part of E-6 up to the settled month, E-2 as the table of the month says it.

Must never happen: a line without evidence; one fact counted twice in a year; a manual line approved by who proposed
it, or by who is scored or heads them; an objection ruled by who raised it or is scored; an upheld objection that
changes anything but its line; another result from the same facts; a line of a published month changed or deleted; a
scored one who reads the lines of others.
"""

"""效能通报: what a month's facts say of the whole office, told to everybody once a month (W-0, O-8).

The figures are those of the other rooms, none is counted a second way. The office writes an introduction and notes to
the sections; what is published stands as it stood, in figures and words, in both languages.

Never: a client's or an employee's name; a figure of a group that its own room withholds; a published bulletin that
changes. What has to be corrected is said in a new edition that names the one before.
"""

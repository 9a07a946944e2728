"""考评结果: a settled month is reviewed, signed, published and then stands for ever (E-4, E-6).

The rows of a month are copied when it is put before the supervision group; what is reviewed is what is signed and
published, with a digest. A correction is a later edition that names the one before; both are shown. Persons of a
quarter and of a year, advanced collectives and model windows are proposed from published months alone.

Never: a published row that changes; a reviewer who proposed lines of that month or ruled on its objections; a result
reviewed or signed by the only one it is about; a flag on the wall that was not published.
"""

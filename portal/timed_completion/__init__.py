"""Timed completion: special procedures, extensions, and the papers of a case's clock (T-4, T-5, T-11, J-4).

A special procedure stops the clocks up to a cap that is fixed when it begins, and the client is told in writing. More
time is asked for before the limit ends and granted once, by a superior. The clocks themselves are derived in the case
room; whatever moves a due date is recorded there with old → new and why.

Never: an extension granted by whoever asked for it or has had a hand in the case, also not in another's place; a second
one; one after the limit has passed; a clock that stands still beyond its cap because nobody ended the procedure; a stop
for what is the office's own business (a site visit, countersigning, a leader's absence).
"""

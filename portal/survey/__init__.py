"""Surveys and client meetings (S-2): questionnaires with a beginning and an end, what came of them, and who was told.

A questionnaire is frozen when it is published. Answers lie in an urn: nobody, with the database in hand, can tell who
gave which, or when. Results are figures of groups, shown after the end only; findings become measures that are
followed until they are done and the clients have been told. A meeting with clients is recorded every half-year.

Never: a question changed after publication, a result before the end, a figure of fewer people than the office has set
(or one from which it could be worked out), a code that works twice, an answer in the journal.
"""

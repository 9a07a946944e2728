"""Looking after one site: schema, sweeps, serving, the doctor, backup and restore.

Nothing here knows a room by name; it works with plates, the journal and the files of the instance folder.
What must never happen: a backup that cannot be restored and verified, or a restore over records that exist.
"""

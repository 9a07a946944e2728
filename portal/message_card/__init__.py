"""Message cards (AB-6): when a whole department is out, visitors leave word by phone and get an answer.

The card hangs at the door and on the wall as a QR code. Every message is a to-do of the department, due after its
return, tracked until answered or taken over into the first-ask log.

Never: a message or anything of a visitor shown without a login; a message lost or answered by nobody unseen.
"""

"""First-ask responsibility (F-1 … F-6): whoever is first approached answers for the matter until it is taken over.

Never: an entry erased; a matter that was passed on with nobody answering for it.
"""

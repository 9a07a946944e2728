"""A/B posts (AB-1 … AB-5, AB-8): who holds a post, who is away, and who answers for a post at any instant.

Never: a post left to nobody unseen; somebody acting with more than the post's powers.
"""

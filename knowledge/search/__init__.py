"""Search in the knowledge base: what is found, in which order, and how the index is made.

In PostgreSQL alone. Questions are asked in `finding`; pages enter in `index`; words, weights,
passages, fingerprints, snippets and the meaning of words (`latent`) are pure.
"""

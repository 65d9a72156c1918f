"""The knowledge base as its readers see it: pages under /docs/, in the language of the address.

May import everything; holds no rule about who may read what, which the walls and `visible_to` do.
"""

"""Calls to the hotline: who calls, who is rung for them, and what is left of it on the ticket.

Each verb takes one word of the provider's, changes what it has to, and says what the caller
hears next (`answers`). It may import what tickets may; the provider's language and its addresses
belong to portal.
"""

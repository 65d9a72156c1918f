"""Live chat: a ticket both sides are in at the same time.

A chat is a ticket from its first message; what is said goes through `lifecycle` like any other
reply, with the same clocks, ladder and event log. Here stands what is added: beginning one, who
is there, what was seen, who types.
"""

from tickets.chats.being_there import be_here, end, join, type_in
from tickets.chats.talking import say, start

__all__ = ["be_here", "end", "join", "say", "start", "type_in"]

"""Ways a message leaves the house, each one function from a delivery to its being sent.

A sender runs outside any transaction and writes nothing; it returns when the message is
accepted on the other side and raises otherwise. `PermanentFailure` says that trying again is
of no use; anything else is tried again.
"""


class TemporaryFailure(Exception):
    """Not now; perhaps later."""


class PermanentFailure(Exception):
    """Never: the address does not exist, or the message is refused for what it is."""

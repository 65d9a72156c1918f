"""The process that does what must happen in time: deadlines, pages, outgoing mail.

Everything it has to do is a row (`accounts.Deadline`, `accounts.Delivery`); it keeps nothing
in memory that a kill could lose, and any number of engines may run at once. Time is the
database's alone. It knows who handles what (`handlers`), and nothing of the rules themselves.
"""

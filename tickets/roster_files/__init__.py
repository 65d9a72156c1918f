"""Rosters as files: JSON both ways without loss, iCal out as shifts and in as changes of duty.

Reading a file never writes: what it would change is told first, then applied as a whole.
"""

"""Duty: who is on duty when, and who is rung in which order.

Pure arithmetic: rotations and ladders in, shifts and steps out. No database, no reading of
the time. A member is whatever the caller rosters (a staff number, a name): anything hashable.
"""

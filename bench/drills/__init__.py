"""Fault drills: real processes are killed, stopped and starved, and what is stored is counted."""

"""Promises: the calendar that counts working time and the clock that runs against it.

Pure arithmetic: facts and terms in, clocks out. No database, no reading of the time.
"""

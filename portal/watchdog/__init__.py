"""The process that watches the others and tells a person when they fail.

It needs neither the engine nor the database to raise an alarm. It only observes: its one write,
besides its own beat, is a canary, a deadline that goes the way of every page. Any number of
watchdogs may run; none knows of another.
"""

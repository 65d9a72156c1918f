"""Reading mail: pure functions over bytes, without database, settings or clock.

mail = parsing.parse(raw)              # ParsedMail; never raises, see mail.problems
"""

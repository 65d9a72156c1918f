"""Who: users, organizations, members, plans, staff; what each may do; the event log; deliveries.

Owns the tenancy wall (database roles), the one table of roles and verbs, the append-only
event log and the two kinds of rows every outside effect starts from. May import nothing of
the other apps. Tickets, articles and pages never belong here.
"""

"""Late work: what may wait minutes or be done twice, on a django-q2 cluster.

Nothing with a promise attached goes through it; that is the engine's. Killing some of the
cluster's processes stops it silently (one that dies while it waits on a queue keeps the queue's
lock), so it proves every half minute that all of them live (`beat`), starts anew when they do not
(`keeper`), and the watchdog listens too.
"""

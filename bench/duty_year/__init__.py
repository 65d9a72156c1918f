"""A year of duty in simulated time, on the real database, by the real verbs and handlers."""

"""Pages of the portal: each fetches what is visible, binds a form, calls a verb, answers."""

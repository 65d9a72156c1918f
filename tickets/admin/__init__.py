"""The staff workspace inside Django's admin: queue, ticket and duty, and pages for plain editing.

Views fetch what is visible, call a verb and answer; no rule stands here. Import nothing into
this file: the admin site is found in this package before the models are ready.
"""

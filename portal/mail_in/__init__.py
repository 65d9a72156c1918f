"""The process that takes mail in: by SMTP and LMTP, from IMAP mailboxes, and then understands it.

All of it ends in the raw store (`tickets.intake.store`) before anybody is told that it arrived;
the understanding claims from there. Any number of these processes may run.
"""

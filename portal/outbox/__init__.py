"""The outbox of development: mails that leave nothing, kept as files and shown on a page."""

"""Cases and promises: lifecycle, promise clocks, duty, escalation, attachments, the workspace.

May import accounts and knowledge. Pages for customers and anything that speaks to the
outside (mail, pages, streams) belong to portal.
"""

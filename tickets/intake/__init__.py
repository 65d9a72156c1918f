"""Every way in but the portal and the API: mail, chat, hotline.

What comes in is stored as received (`Inbound`) and only then confirmed to the sender; it is
understood afterwards, and becomes a ticket or a reply by the same verbs as everywhere. What
cannot be understood waits in the quarantine with its reason.
"""

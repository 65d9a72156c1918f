"""The chat widget: a frame of ours on the pages of others.

Owns the script that puts it there, the frame, and how it signs in. It has no cookie and never
reads one: the host page hands it a token its backend signed (`accounts.widget_identity`), which
it exchanges for a key of its own. What is said in it goes through the same views as the chat on
the portal (`portal.views.chat`).
"""

"""The visitor's side of the live chat, through two doors: the portal and the widget.

The portal's pages know a visitor by their session, the widget's by its own short-lived key
(`portal.widget`); behind the door both are the same views, with addresses of their own.
"""

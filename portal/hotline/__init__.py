"""The hotline's outward edge: webhooks as Twilio sends them, and what they are answered (TwiML).

It may import everything; what a call means and changes stands in `tickets.hotline`.
"""

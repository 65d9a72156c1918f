"""Composition root and outward edge: settings, URLs, the engine, the live stream, notifications.

May import every other app; nothing imports it.
"""

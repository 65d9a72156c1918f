from __future__ import annotations


def add_nearness(cursor, text, rows):
    return rows

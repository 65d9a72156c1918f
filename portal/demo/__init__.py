"""What the demo shows: people, customers and conversations, as plain JSON and nothing else.

Everything is invented. Every e-mail address ends in ``.example``. Times are relative to the
moment of loading, so the story is always fresh; no text names a date, and log lines count
seconds since the SDK started (``[+12.480s]``).

``people.json``
    Staff. ``key`` is how the other files name a person; ``level`` is L1, L2, L3 or lead;
    ``products`` are keys of ``products.json``; ``time_zone`` is an IANA name.
``products.json``
    ``key``, ``name_en``, ``name_zh``, ``prefix`` (of defect numbers, ``IM-5120``) and
    ``platforms``, each with a ``key`` and a ``label``.
``chats.json``
    Chats that go on: see ``portal.demo.chats``.
``teams.json``
    One per product team: ``rosters`` ``primary`` and ``second``, each a rotation without gaps.
    Shifts last ``shift_length`` ``shift_unit`` (hours, days, weeks) and change at the local time
    ``handover``, in the order of ``members``. The rotation is started so that
    ``on_duty_at_load`` has the current shift. ``ladders`` has one for a
    severity or ``any``; its ``steps`` are walked ``rounds`` times, ``after_seconds`` counts from
    the step before. ``lead``, ``contact`` and ``manager`` ring those of the team or customer.
``organizations.json``
    The customers. ``contact`` is the key of their dedicated engineer. A person may be a member
    of two organizations.
``tickets/<slug>.json``
    One file per organization, oldest first. ``number`` is the ticket's number there (STAR-42).
    ``opened_ago`` is in minutes before loading. ``at`` and ``solved_at`` are in minutes after the
    opening, ``trail[].at_seconds`` in seconds after it. An ``author``, ``reporter`` or ``by`` is
    an e-mail address (customer) or a key of ``people.json``. The first message is the reporter's
    description. ``severity`` is the one now; the first ``severity_changes[].from``, where there
    is one, is the one it was opened with. ``breached`` names the promise (response, next_update,
    resolution) that was not kept; every other promise was. ``next_update_in`` of a message: its
    author promises the next update by so many minutes after loading.
"""

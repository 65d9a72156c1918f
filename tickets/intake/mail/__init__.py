"""Reading mail: pure functions over bytes, without database, settings or clock.

    mail = parsing.parse(raw)             # ParsedMail: never raises; `mail.problems` says what
                                          # was wrong, as codes of `parsed.Problem`
    kind = automatic.kind_of(mail)        # None: a person wrote it. LIST is only a hint.
    bounce = bounces.read(mail)           # whom a mail of ours did not reach, or None
    written = newly_written.split(mail)   # .new is for the ticket's entry, .folded for the fold

All names, subjects and file names are one line of visible characters: they may be shown, and put
into fields of our own mails. Addresses that cannot be read are "". Nothing is believed: whether
the sender is who they say is decided elsewhere, from `mail.authentication_results` and the raw
mail. Where text was cut (`Problem.TEXT_CUT`) the raw mail has the rest.
"""

"""What a ticket's page says, worked out from rows already read.

Pure: model instances and an instant in, frozen dataclasses out; no query, no request, no HTML.
The portal and the workspace show the same words from here.
"""

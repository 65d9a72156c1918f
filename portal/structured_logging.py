"""Logs: one event a line, escaped, without secrets."""

import logging.config
import re
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[hidden]"
SECRET_WORDS = ("password", "secret", "token", "authorization", "cookie", "body", "session")

# A link without a login is a key as long as it works; and what people are rung at is theirs,
# often with a key in it.
SECRET_PATHS = re.compile(r"/(page|contact|calendar|invitation)/((?:drill|handover)/)?[^/\s?.\"']+")
ADDRESSES = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+|(?<=\()[^()]*(?=\))", re.IGNORECASE)


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank every field whose name says it holds a secret or what people wrote."""
    for name in event:
        if any(word in name.lower() for word in SECRET_WORDS):
            event[name] = HIDDEN
    return event


def hide_links(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank what is secret in paths of ours and, in the words of Apprise, addresses and values."""
    of_apprise = str(event.get("logger", "")).startswith("apprise")
    for name, value in event.items():
        if isinstance(value, str):
            value = SECRET_PATHS.sub(rf"/\1/\2{HIDDEN}", value)
            event[name] = ADDRESSES.sub(HIDDEN, value) if of_apprise else value
    return event


def escape(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Show control characters as text: no forged lines, no terminal commands."""
    return {name: _escaped(value) for name, value in event.items()}


def _escaped(value: Any) -> Any:
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)


def configure(*, as_json: bool, level: str) -> None:
    """Send structlog's and the standard library's events to standard error in one form."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(("status_code",)),
        hide_secrets,
        hide_links,
        escape,
    ]
    last: list[Processor] = (
        [
            # Not `dict_tracebacks`: its local variables are tokens, passwords and messages.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=False)]
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "events": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        *last,
                    ],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "events"}},
            # They tell of each message and each task, and nothing that ours do not.
            "loggers": {name: {"level": "WARNING"} for name in ("apprise", "django-q")},
            "root": {"handlers": ["stderr"], "level": level},
        }
    )

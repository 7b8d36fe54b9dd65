"""The log: one JSON object a line on standard error; never a secret, never a forged line."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

# What a link or a header could carry into an error text.
SECRETS = re.compile(
    r"(?i)((?:password|passwd|secret|token|cookie|authorization|csrf_token|key)[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;]+"
    r"|(?<=/enter/)[\w-]{20,}|(?<=/set-up/)[\w-]{20,}|(?<=/invitation/)[\w-]{20,}|(?<=/reset/)[\w-]{20,}"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)


class JSONLines(logging.Formatter):
    """A record as one line. json.dumps encodes CR and LF, so that a text cannot pretend to be a line of its own."""

    def format(self, record):
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            **_said(record),
        }
        request_id = getattr(record, "request_id", None)
        if request_id:
            line["request"] = request_id
        if record.exc_info:
            line["trace"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def _said(record):
    """A request's own JSON stays fields; any other text is `text`."""
    message = record.getMessage()
    if record.name == "portal.request":
        try:
            return json.loads(message)
        except ValueError:
            pass
    return {"text": without_secrets(message)}


def without_secrets(text):
    return SECRETS.sub(lambda match: (match.group(1) or "") + "…", text)


def begin_logging(level=logging.INFO, stream=None):
    """Sends everything that is logged to one stream. Called once, by the server and by the worker."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JSONLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("portal").setLevel(level)

"""The one place where a finished piece of HTML is trusted: Markdown that was cleaned, charts that were drawn.

Both programs give it to their templates as the filter `trusted`; nothing else may mark a text as safe.
"""

from markupsafe import Markup


def trusted(html: str) -> Markup:
    return Markup(html)  # noqa: S704

"""What a browser calls itself, said as people say it."""

from __future__ import annotations

import re

#: Looked for in this order: most browsers also name those that they are like.
_BROWSERS = {
    "Edge": r"Edg(?:e|A|iOS)?/", "360": r"QihooBrowser|360SE|360EE", "QQ": r"QQBrowser/", "WeChat": r"MicroMessenger/",
    "UC": r"UCBrowser/", "Opera": r"OPR/", "Firefox": r"Firefox/|FxiOS/", "Chrome": r"Chrome/|CriOS/",
    "Safari": r"Safari/",
}  # fmt: skip
_SYSTEMS = {
    "HarmonyOS": r"HarmonyOS|OpenHarmony", "Android": r"Android", "iOS": r"iPhone|iPad", "Windows": r"Windows",
    "macOS": r"Mac OS X", "Linux": r"Linux|X11",
}  # fmt: skip


def browser(user_agent: str) -> str:
    """The browser and the system, "Firefox · Windows"; the words themselves where neither is known."""
    found = [
        next((name for name, mark in kinds.items() if re.search(mark, user_agent)), "")
        for kinds in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(filter(None, found)) or user_agent

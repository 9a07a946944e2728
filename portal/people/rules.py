"""What a browser calls itself, in two words that a person recognises. Pure."""

from __future__ import annotations

#: The first that is found wins: every one of them also claims to be those after it.
_BROWSERS = (
    ("MicroMessenger/", "WeChat"),
    ("Edg/", "Edge"),
    ("QQBrowser/", "QQ"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device(agent: str) -> str:
    """``Chrome 109 · Windows``; the beginning of the text itself when it names none of the usual ones."""
    browser = ""
    for mark, name in _BROWSERS:
        if mark in agent:
            number = agent.split(mark, 1)[1].split(".", 1)[0]
            browser = f"{name} {number}" if number.isdigit() and len(number) < 4 else name
            break
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part) or agent[:40]

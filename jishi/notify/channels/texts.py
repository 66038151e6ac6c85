"""What a message says outside the application, by the room that a channel has: a mail, a robot, a phone, 70 signs."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jishi.base.words import moment
from jishi.notify.channels.parcel import Parcel

SMS_SIGNS = 70
#: To the public three messages in one, each of 67 signs: the way to its receipt is longer than one.
PUBLIC_SMS_SIGNS = 3 * 67


def grade_word(grade: int) -> str:
    """The grade in a word, nothing for what has none."""
    return {1: _("Red"), 2: _("Orange"), 3: _("Yellow"), 4: _("Blue")}.get(grade, "")


def what(parcel: Parcel) -> str:
    """What happened, the grade before it: "[Red] Pushed to you"."""
    word = grade_word(parcel.grade)
    return f"[{word}] {_flat(parcel.message.title)}" if word else _flat(parcel.message.title)


def of_what(parcel: Parcel) -> str:
    """Number, category and place, as far as there are any."""
    message = parcel.message
    return " · ".join(_flat(part) for part in (message.number, message.category, message.place) if part)


def clock(parcel: Parcel) -> str:
    """What is owed and until when; the moment itself, as what is left would be wrong when it is read."""
    message = parcel.message
    if message.due is None:
        return _flat(message.owed)
    when = moment(message.due)
    owed = _flat(message.owed)
    return _("Due %(when)s: %(owed)s") % {"when": when, "owed": owed} if owed else _("Due %(when)s") % {"when": when}


def subject(parcel: Parcel) -> str:
    """The subject of a mail: the same for all that is told of one matter, since many mail programs group by it."""
    message = parcel.message
    named = " ".join(_flat(part) for part in (message.number, message.category) if part)
    return named if message.number else what(parcel)


def plain(parcel: Parcel) -> str:
    """A text of a few lines, for robots and the plain part of a mail."""
    message = parcel.message
    parts = [what(parcel), of_what(parcel), clock(parcel), *(_flat(line) for line in message.lines), parcel.link]
    return "\n".join(part for part in parts if part)


def mail(parcel: Parcel) -> tuple[str, str]:
    """The plain and the HTML body of a mail."""
    said = [plain(parcel)]
    if parcel.why:
        said += ["", "-- ", _("Why did I get this? %(why)s") % {"why": parcel.why}]
    if parcel.stop:
        said.append(_("No more of these: %(address)s") % {"address": parcel.stop})
    context = {
        "what": what(parcel), "of_what": of_what(parcel), "clock": clock(parcel), "lines": parcel.message.lines,
        "link": parcel.link, "why": parcel.why, "grade": parcel.grade, "stop": parcel.stop,
    }  # fmt: skip
    return "\n".join(said) + "\n", render_to_string("notify/mail.html", context)


def short(parcel: Parcel) -> str:
    """The most important in one text message: what, of which number, until when; the rest as far as there is room."""
    message, most = parcel.message, PUBLIC_SMS_SIGNS if parcel.stop else SMS_SIGNS
    said = f"{what(parcel)} {_flat(message.number)}".strip()[:most]
    due = _("due %(when)s") % {"when": moment(message.due)} if message.due else ""
    for more in (due, _flat(message.category), _flat(message.place), parcel.link):
        if more and len(said) + 1 + len(more) <= most:
            said = f"{said} {more}"
    return said


def cut(text: str, size: int) -> str:
    """``text`` in at most ``size`` bytes of UTF-8, its last line kept, which is the way to more."""
    if len(text.encode()) <= size:
        return text
    head, _line, last = text.rpartition("\n")
    room = size - len(last.encode()) - len("…\n".encode())
    if room <= 0:
        return text.encode()[:size].decode("utf-8", "ignore")
    return f"{head.encode()[:room].decode('utf-8', 'ignore')}…\n{last}"


def _flat(text: str) -> str:
    """One line: no break may pass into a header or another line."""
    return " ".join(str(text).split())

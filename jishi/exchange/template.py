"""A workbook to fill in for each category: made in the reader's language, known again by its hidden first row.

That row holds codes such as ``jishi:place.shop:name``; the row below is what people read.  What cannot be taken comes
back as the same workbook with the cells marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from jishi.base.errors import Refused
from jishi.exchange.mapfile import Coordinates, Field
from jishi.exchange.reading import Rejection, safe_cells
from jishi.exchange.reasons import reason_sentence
from jishi.exchange.register_map import ATTRIBUTE, KEY, RegisterMap
from jishi.exchange.tables import FileOptions, open_table
from jishi.register import catalogue
from jishi.register.attributes import Attribute
from jishi.register.catalogue import Sort
from jishi.register.grading import REASONS
from jishi.register.models import Status
from jishi.stations.models import Area, Station

SOURCE = "template"
ROWS = 2_000
_MARK = "jishi"
_OPTIONS = FileOptions(format="xlsx", skip=1)
#: Fields whose cells are translated: a word that is not known marks the cell.
_TRANSLATED = ("status", "grade", "reasons", "area")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its code, its heading, what to write there, and the choices where there are any."""

    code: str
    label: str
    help: str
    needed: bool = False
    choices: Sequence[str] = ()
    rule: Mapping[str, Any] | None = None


def category_of(path: Path, name: str = "") -> str | None:
    """The category that a filled-in template is for; None where the file is none."""
    try:
        with open_table(path, _OPTIONS, name) as table:
            return _category(table.header)
    except Refused:
        return None


def template_map(path: Path, datum: str, name: str = "") -> RegisterMap:
    """What the columns of a filled-in template mean.  Raises Refused("not_a_template" | "unknown_category")."""
    with open_table(path, _OPTIONS, name) as table:
        category = _category(table.header)
        columns = {cell.split(":", 2)[2]: cell for cell in table.header if cell.startswith(f"{_MARK}:")}
    if category is None:
        raise Refused("not_a_template")
    catalogue.sort_of(category)
    fields = {
        code: Field(columns=(column,), default="reject" if code in _TRANSLATED or code.startswith(ATTRIBUTE) else "")
        for code, column in columns.items()
    }
    fields[KEY] = Field(columns=fields[KEY].columns if KEY in fields else (), content=True)
    fields["category"] = Field(constant=category)
    return RegisterMap(source=SOURCE, fields=fields, file=_OPTIONS, coordinates=Coordinates(datum=datum), strict=True)


def label_of(category: str, column: str) -> str:
    """What people read above the column whose hidden code this is; the column itself where it is none."""
    sort = catalogue.sorts().get(category)
    code = column.removeprefix(f"{_MARK}:{category}:")
    return next((one.label for one in columns_of(sort, ()) if one.code == code), column) if sort else column


def write_template(file: IO[bytes], category: str, station: Station) -> None:
    """Write the empty workbook of a category.  Raises Refused("unknown_category")."""
    import xlsxwriter

    sort = catalogue.sort_of(category)
    areas = list(Area.objects.filter(station=station).order_by("code").values_list("name", flat=True))
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False}) as book:
        _sheets(book, sort, columns_of(sort, areas), [], {})


def write_marked(
    path: Path, name: str, into: Path, category: str, station: Station, wrong: Mapping[int, Rejection]
) -> None:
    """Write a filled-in template again, each wrong cell filled red with the reason as its comment."""
    import xlsxwriter

    sort = catalogue.sort_of(category)
    areas = list(Area.objects.filter(station=station).order_by("code").values_list("name", flat=True))
    columns = columns_of(sort, areas)
    with open_table(path, _OPTIONS, name) as table:
        places = {header: place for place, header in enumerate(table.header)}
        at = [places.get(_code(category, column.code)) for column in columns]
        rows = [(row.number, safe_cells(_cell(row.cells, place) for place in at)) for row in table.rows()]
    with xlsxwriter.Workbook(str(into), {"strings_to_urls": False}) as book:
        _sheets(book, sort, columns, rows, wrong)


def columns_of(sort: Sort, areas: Sequence[str]) -> list[Column]:
    """The columns of a category's template, in the reader's language."""
    degrees = {"validate": "decimal", "criteria": "between"}
    grades = [_("red"), _("orange"), _("yellow"), _("blue")]
    return [
        Column(KEY, _("Own number"), _("The number it has in your list; left empty, name and address tell it apart.")),
        Column("name", pgettext("of a place", "Name"), _("The name of the place, not of a person."), needed=True),
        Column("address", _("Address"), _("Down to the house and the entrance, without the number of a flat.")),
        Column("area", _("Area"), _("Left empty, the point decides."), choices=areas),
        Column("lon", _("Longitude"), _("In degrees, such as 117.3052."),
               rule=degrees | {"minimum": -180, "maximum": 180}),
        Column("lat", _("Latitude"), _("In degrees, such as 37.1044."), rule=degrees | {"minimum": -90, "maximum": 90}),
        Column("grade", _("Grade"), _("Only where the place has one."), choices=grades),
        Column("reasons", _("Reasons of the grade"), _("Needed for red and orange; several with ; between."),
               choices=[str(words) for words in REASONS.values()]),
        Column("status", _("Status"), _("Left empty, it stands."),
               choices=[str(Status.ACTIVE.label), str(Status.CLOSED.label)]),
        Column("verified_at", _("Day it was verified"), _("The day somebody looked, such as 2026-03-02.")),
        *(_attribute(attribute) for attribute in sort.attributes),
    ]  # fmt: skip


def _attribute(attribute: Attribute) -> Column:
    english = (get_language() or "").startswith("en")
    label = attribute.en if english else attribute.zh
    kinds = {
        "text": _("Words."),
        "integer": _("A whole number."),
        "number": _("A number."),
        "yes_no": _("Yes or no."),
        "date": _("A day, such as 2026-03-02."),
        "choice": _("One of the list."),
    }
    choices = [pair[1 if english else 0] for pair in (attribute.choices or {}).values()]
    if attribute.type == "yes_no":
        choices = [_("yes"), _("no")]
    least, most = attribute.least, attribute.most
    rule = None
    if attribute.type in ("integer", "number") and least is not None and most is not None:
        kind = "integer" if attribute.type == "integer" else "decimal"
        rule = {"validate": kind, "criteria": "between", "minimum": least, "maximum": most}
    label = f"{label} ({attribute.unit})" if attribute.unit else label
    return Column(ATTRIBUTE + attribute.code, label, kinds[attribute.type], attribute.required, choices, rule)


def _category(header: Sequence[str]) -> str | None:
    """The one category that the hidden codes name."""
    found = {parts[1] for cell in header if len(parts := cell.split(":")) == 3 and parts[0] == _MARK}
    return found.pop() if len(found) == 1 else None


def _code(category: str, code: str) -> str:
    return f"{_MARK}:{category}:{code}"


def _sheets(
    book: Any, sort: Sort, columns: Sequence[Column], rows: Sequence[tuple[int, list[str]]],
    wrong: Mapping[int, Rejection],
) -> None:  # fmt: skip
    """The three sheets: what is filled in, the notes, and the hidden lists that the drop-downs show."""
    sheet, notes = book.add_worksheet(_("Register")), book.add_worksheet(_("Notes"))
    lists = book.add_worksheet("lists")
    lists.hide()
    plain = book.add_format({"num_format": "@"})
    head = book.add_format({"bold": True, "bg_color": "#E6EFEF", "bottom": 1, "text_wrap": True, "valign": "top"})
    category = sort.category.code
    for place, column in enumerate(columns):
        sheet.write_string(0, place, _code(category, column.code))
        sheet.write_string(1, place, column.label + (" *" if column.needed else ""), head)
        sheet.set_column(place, place, 28 if column.code in ("name", "address") else 16, None if column.rule else plain)
        if column.choices:
            lists.write_column(0, place, column.choices)
            name = f"=lists!${_letters(place)}$1:${_letters(place)}${len(column.choices)}"
            kind = "information" if column.code == "reasons" else "stop"
            rule: Mapping[str, Any] = {"validate": "list", "source": name, "error_type": kind}
        else:
            rule = column.rule or {}
        if rule:
            sheet.data_validation(2, place, ROWS + 1, place, {**rule, "ignore_blank": True})
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.freeze_panes(2, 2)
    _notes(book, notes, sort, columns)
    _fill(book, sheet, category, columns, rows, wrong)


def _notes(book: Any, notes: Any, sort: Sort, columns: Sequence[Column]) -> None:
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    notes.set_column(0, 0, 26)
    notes.set_column(1, 1, 10)
    notes.set_column(2, 2, 80)
    lines = [
        _("Fill in the first sheet, one row for each. Leave its hidden first row as it is."),
        _("No names, telephone numbers or other data of people; no numbers of flats. Such cells come back marked."),
        _("Bring it in again under Import. Rows without a mistake are taken; the others come back with marked cells."),
    ]
    notes.write_string(0, 0, sort.category.name, bold)
    for number, line in enumerate(lines, 1):
        notes.write_string(number, 0, line)
    for place, words in enumerate((_("Column"), _("Needed"), _("What to write"))):
        notes.write_string(5, place, words, bold)
    for number, column in enumerate(columns, 6):
        notes.write_string(number, 0, column.label, wrap)
        notes.write_string(number, 1, _("yes") if column.needed else "", wrap)
        notes.write_string(number, 2, " ".join((column.help, " / ".join(column.choices[:40]))).strip(), wrap)


def _fill(
    book: Any, sheet: Any, category: str, columns: Sequence[Column], rows: Sequence[tuple[int, list[str]]],
    wrong: Mapping[int, Rejection],
) -> None:  # fmt: skip
    """The rows as they came, each in its own place, the wrong cells marked."""
    red = book.add_format({"bg_color": "#F8D7DA", "border": 1, "border_color": "#B3261E", "num_format": "@"})
    places = {_code(category, column.code): place for place, column in enumerate(columns)}
    for number, cells in rows:
        marks: dict[int, list[str]] = {}
        found = wrong.get(number)
        if found is not None:
            for reason, column in ((found.reason, found.column), *found.more):
                marks.setdefault(places.get(column, 0), []).append(reason_sentence(reason))
        for place, cell in enumerate(cells):
            format_ = red if place in marks else None
            if cell and columns[place].rule and _is_number(cell):
                sheet.write_number(number - 1, place, float(cell), format_)
            elif cell or format_:
                sheet.write_string(number - 1, place, cell, format_)
        for place, sentences in marks.items():
            sheet.write_comment(number - 1, place, "\n".join(sentences), {"author": "Jishi", "visible": False})


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.lower().strip("+-") not in ("nan", "inf", "infinity")


def _letters(place: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(place))

"""Commands by name, for screens, bulk and the API: fields in, a checked command out, through :func:`apply`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.http import QueryDict

from jishi.base.errors import Refused
from jishi.matters import commands
from jishi.matters.actions.apply import Applied, apply
from jishi.matters.models import Matter, SavedView
from jishi.privacy import refuse_personal
from jishi.stations.models import Staff


@dataclass(frozen=True, slots=True)
class Result:
    """How one matter of a bulk command fared: ``refused`` is None when it was done."""

    matter: Matter
    refused: Refused | None = None


def command_for(verb: str, values: Mapping[str, Any]) -> commands.Command:
    """The command of this verb with these fields.  Raises ``Refused("unknown_command" | "unknown_field")``."""
    kind = commands.BY_VERB.get(verb)
    if kind is None or verb == "report":
        raise Refused("unknown_command", command=verb)
    known = {item.name for item in fields(kind)}
    for name in values:
        if name not in known:
            raise Refused("unknown_field", field=name, command=verb)
    try:
        return kind(**{name: value for name, value in values.items() if value is not None})
    except TypeError as error:
        missing = next(item.name for item in fields(kind) if item.name not in values)
        raise Refused("missing", field=missing, command=verb) from error


def give(
    matter: Matter, verb: str, values: Mapping[str, Any], *, by: Staff, version: int | None, key: str | None,
    uploads: Sequence[Any] = (),
) -> Applied:  # fmt: skip
    """Give the command ``verb`` to a matter.  Raises ``Refused``."""
    return apply(matter, command_for(verb, values), by=by, version=version, key=key, uploads=uploads)


def bulk(matters: Sequence[Matter], verb: str, values: Mapping[str, Any], *, by: Staff, key: str) -> list[Result]:
    """Give the same command to many matters, each in a transaction of its own; every result is told."""
    results = []
    for matter in matters:
        try:
            give(matter, verb, values, by=by, version=matter.version, key=f"{key}:{matter.pk}")
        except Refused as refused:
            results.append(Result(matter, refused))
        else:
            results.append(Result(matter))
    return results


def save_view(by: Staff, name: str, query: str) -> SavedView:
    """Keep a filter of the list under a name; the same name again replaces it.

    Raises ``Refused("personal")`` where the name or the filter identifies a person: a kept search would be their page.
    """
    refuse_personal(name, "name")
    for _field, values in QueryDict(query).lists():
        for value in values:
            refuse_personal(value, "query")
    view, _ = SavedView.objects.update_or_create(staff=by, name=name.strip()[:40], defaults={"query": query[:500]})
    return view


def drop_view(by: Staff, view_id: int) -> SavedView | None:
    """Forget a saved view of one's own, and hand it over as it was; None where there is none."""
    view = SavedView.objects.filter(staff=by, pk=view_id).first()
    SavedView.objects.filter(staff=by, pk=view_id).delete()
    return view

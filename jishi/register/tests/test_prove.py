"""``jishi verify`` over the register: what is edited behind its back is found, each thing by its name."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from jishi.journal import actions as journal
from jishi.journal.models import Event
from jishi.register import actions, verify
from jishi.register.actions.bulk import batch_digest
from jishi.register.models import Change, Element, Rollup
from jishi.register.tests.factory import a_building, a_hydrant

pytestmark = pytest.mark.django_db


def codes() -> set[str]:
    return {problem.code for problem in verify.problems()}


def unlocked(table: str) -> None:
    """Take the triggers of a table away, as somebody with the database in hand could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


@pytest.fixture
def hydrant(ground):
    element = a_hydrant(ground)
    actions.change_element(element, {"name": "4号楼东侧消火栓"}, by=ground.officer)
    actions.verify_element(element.pk, by=ground.officer, source=actions.Source("list"))
    return Element.objects.get(pk=element.pk)


def test_a_whole_register_has_no_problem(ground, hydrant):
    a_building(ground)
    lost = a_building(ground, "和平里4号楼")
    actions.merge_elements(hydrant.pk, lost.pk, by=ground.chief)
    actions.close_element(hydrant.pk, by=ground.chief)
    assert list(verify.problems()) == []
    assert verify.counted_elements() == 3


def test_an_edited_change_is_found(hydrant):
    unlocked("register_change")
    change = Change.objects.get(element=hydrant, version=2)
    Change.objects.filter(pk=change.pk).update(fields={"name": ["3号楼东侧消火栓", "别的"]})
    assert {"change_edited", "element_differs"} == codes()
    assert {problem.where for problem in verify.problems()} == {hydrant.number}


def test_a_change_sealed_anew_is_found_by_its_event(hydrant):
    """Whoever edits the fields and computes a fitting digest still has the chain against them."""
    from jishi.register.history import seal_fields

    unlocked("register_change")
    fields = {"name": ["3号楼东侧消火栓", "别的"]}
    salt, digest = seal_fields(fields)
    Change.objects.filter(element=hydrant, version=2).update(fields=fields, salt=salt, digest=digest)
    Element.objects.filter(pk=hydrant.pk).update(name="别的")
    assert codes() == {"change_edited"}


@pytest.mark.parametrize("values", [{"by": None}, {"kind": "closed"}, {"at": timezone.now()}])
def test_who_what_and_when_are_held_against_the_event(hydrant, values):
    unlocked("register_change")
    Change.objects.filter(element=hydrant, version=2).update(**values)
    assert "change_edited" in codes()


def test_a_lost_change_is_found(hydrant):
    unlocked("register_change")
    Change.objects.filter(element=hydrant, version=3).delete()
    assert codes() == {"history_broken"}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": "别的"}, "element_differs"),
        ({"attributes": {"state": "broken"}}, "element_differs"),
        ({"verified_at": F("created_at")}, "verified_differs"),
        ({"cell": 1}, "point_differs"),
        ({"version": 2}, "history_broken"),
    ],
)
def test_an_edited_row_is_found(hydrant, values, code):
    Element.objects.filter(pk=hydrant.pk).update(**values)
    assert codes() == {code}


def test_an_element_that_is_gone_is_found(hydrant):
    unlocked("register_change")
    Rollup.objects.all().delete()
    Element.objects.filter(pk=hydrant.pk).delete()
    assert codes() == {"element_missing"}


@pytest.mark.parametrize("level", [0, 8, 16])
def test_an_edited_sum_is_found(ground, hydrant, level):
    Rollup.objects.filter(level=level).update(count=F("count") + 1)
    [problem] = verify.problems()
    assert problem.code == "sum_differs"
    assert problem.where.startswith(f"{ground.station.code} {level}/")


def test_a_sum_of_nothing_and_a_lost_sum_are_found(ground, hydrant):
    Rollup.objects.filter(level=10).delete()
    Rollup.objects.create(
        station=ground.station, level=14, quad=7, category_id="thing.hydrant", grade=0, freshness="fresh", count=1, x=1,
        y=1,
    )  # fmt: skip
    assert [problem.code for problem in verify.problems()] == ["sum_differs"] * 2


# A batch: many changes, one event.


def in_a_batch(ground, batch: int, *elements: Element) -> None:
    """Let the changes of these elements stand in one event instead of one each."""
    ids = [element.pk for element in elements]
    unlocked("register_change")
    unlocked("journal_event")
    Change.objects.filter(element__in=ids).update(batch=batch)
    rows = Change.objects.filter(batch=batch).order_by("element", "version")
    digests = list(rows.values_list("digest", flat=True))
    payload = {"count": len(digests), "digest": batch_digest(digests)}
    Event.objects.filter(subject_kind="element", subject_id__in=ids).delete()
    draft = journal.Draft((verify.BATCH, batch, 1), verify.IMPORTED, None, timezone.now(), payload)
    journal.append(ground.station.pk, [draft], timezone.now())


def test_a_batch_is_whole(ground):
    in_a_batch(ground, 7, a_hydrant(ground), a_building(ground))
    assert codes() == set()


def test_a_changed_a_lost_and_a_forged_change_of_a_batch_are_found(ground):
    hydrant, building = a_hydrant(ground), a_building(ground)
    in_a_batch(ground, 7, hydrant, building)
    change = Change.objects.get(element=hydrant)
    Change.objects.filter(pk=change.pk).update(batch=8)
    assert codes() == {"batch_differs", "batch_unsealed"}
    Change.objects.filter(pk=change.pk).update(batch=None)
    assert codes() == {"batch_differs", "change_unsealed"}
    Change.objects.filter(pk=change.pk).update(batch=7, digest="0" * 64)
    assert codes() == {"batch_differs", "change_edited"}


def test_a_batch_that_is_gone_is_found(ground):
    hydrant = a_hydrant(ground)
    in_a_batch(ground, 7, hydrant)
    Rollup.objects.all().delete()
    Change.objects.all().delete()
    Element.objects.all().delete()
    assert codes() == {"batch_missing"}


def test_the_digest_of_a_batch_is_over_lines():
    from hashlib import sha256

    assert batch_digest(["a", "b"]) == sha256(b"a\nb").hexdigest()
    assert batch_digest([]) == sha256(b"").hexdigest()


def test_more_elements_than_are_read_at_once(ground, hydrant, monkeypatch):
    monkeypatch.setattr(verify, "_CHUNK", 2)
    for place in range(4):
        a_building(ground, f"和平里{place}号楼")
    assert codes() == set()
    Element.objects.filter(name="和平里3号楼").update(address="别处")
    assert codes() == {"element_differs"}

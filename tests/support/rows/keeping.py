"""Legal holds and what the public may see of a matter, in the permission table."""

from __future__ import annotations

from typing import Any

from jishi.files.covering import Box
from jishi.matters.keeping.holds import hold_matter, lift_hold
from jishi.matters.models import Hold, PublishedPhoto
from jishi.matters.publishing.actions import publish_photo

ADDRESSES = """
matters:holds                GET    200   200    403  403     403 403     403     200     403   200    302
matters:holds                POST   405   405    405  405     405 405     405     405     405   405    302
matters:hold                 GET    200   200    403  403     403 403     403     403     403   200    302
matters:hold                 POST   303   303    403  403     403 403     403     403     403   303    302
matters:lift_hold            GET    405   405    405  405     405 405     405     405     405   405    302
matters:lift_hold            POST   303   303    403  403     403 403     403     403     403   303    302
matters:publish              GET    200   200    200  403     403 403     403     403     403   200    302
matters:publish              POST   303   303    303  403     403 403     403     403     403   303    302
matters:end_words            GET    405   405    405  405     405 405     405     405     405   405    302
matters:end_words            POST   303   303    303  403     403 403     403     403     403   303    302
matters:cover                GET    200   200    200  403     403 403     403     403     403   200    302
matters:cover                POST   303   303    303  403     403 403     403     403     403   303    302
matters:end_photo            GET    405   405    405  405     405 405     405     405     405   405    302
matters:end_photo            POST   303   303    303  403     403 403     403     403     403   303    302
matters:published_photo      GET    200   200    200  200     200 200     200     200     200   200    200
matters:published_photo      POST   405   405    405  405     405 405     405     405     405   405    405
"""
PUBLIC = {"matters:published_photo"}
IN_ROUTES = {"token"}
_OF_A_MATTER = {f"matters:{name}" for name in ("publish", "end_words", "cover", "end_photo")}
_SENT: dict[str, dict[str, Any]] = {
    "matters:hold": {"reason": "案件需要"},
    "matters:publish": {"text": "路灯已修复。"},
    "matters:cover": {
        "left": "10", "top": "10", "width": "20", "height": "20", "when": "before", "confirmed": "on",
    },
}  # fmt: skip


def arguments(world: Any, name: str) -> list[Any] | None:
    """A matter without a hold where one is set, with one where it is lifted; a photo where one is taken back."""
    number = world.handled.number
    if name in ("matters:hold", "matters:lift_hold"):
        _held(world, name == "matters:lift_hold")
        return [number]
    if name == "matters:cover":
        return [number, world.evidence.pk]
    if name == "matters:end_photo":
        return [number, _photo(world).pk]
    if name == "matters:published_photo":
        return [_photo(world).token]
    return [number] if name in _OF_A_MATTER else None


def sent(_world: Any, name: str) -> dict[str, Any] | None:
    """What a POST to a name of ours sends."""
    return _SENT.get(name)


def _held(world: Any, wanted: bool) -> None:
    """See that the matter is held, or is not."""
    standing = Hold.objects.filter(matter=world.handled, lifted_at=None).exists()
    if wanted and not standing:
        hold_matter(world.handled, reason="案件需要", by=world.house.chief)
    if standing and not wanted:
        lift_hold(world.handled, by=world.house.chief)


def _photo(world: Any) -> PublishedPhoto:
    """A published photo of the house."""
    found = PublishedPhoto.objects.filter(matter=world.handled, ended_at=None).first()
    return found or publish_photo(
        world.handled, world.evidence.pk, boxes=[Box(0.1, 0.1, 0.2, 0.2)], when="before", confirmed=True,
        by=world.house.desk,
    )  # fmt: skip

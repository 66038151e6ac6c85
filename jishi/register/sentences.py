"""What the reader is told when the register refuses."""

from django.utils.translation import gettext_lazy as _

from jishi.base.sentences import register

register(
    {
        "flat": _(
            "The smallest residential element is a building or an entrance. Leave out the number of the flat: its page"
            " would be the page of whoever lives there."
        ),
        "not_standing": _(
            "This element does not stand any more. Open it again first, or look where it was merged into."
        ),
        "not_closed": _("This element is not closed."),
        "bad_datum": _("“%(datum)s” is no datum that is known here. Use wgs84, gcj02, bd09 or cgcs2000."),
        "bad_value": _("The value of “%(field)s” does not fit. Look at the kind of value and its bounds."),
        "bad_reason": _("“%(reason)s” is no reason that is known here. Choose from the list."),
        "reason_needed": _("Say why: red and orange need at least one reason."),
        "position_needed": _("Verifying this on the spot needs your position. Allow it, or verify from a list."),
        "verify_photo_needed": _("A photo is needed. Add one."),
        "bad_role": _("“%(role)s” is no role of a contact. Choose from the list."),
        "purged": _("This was purged and cannot be read again."),
        "bad_count": _("This is not a count. Give a whole number, 0 or more."),
        "bad_kind": _("“%(kind)s” is not on the list. Choose from the list."),
        "not_a_building": _("Counts belong to a building or an area. This element is neither."),
        "link_itself": _("An element cannot be linked to itself. Give the number of the other one."),
        "link_elsewhere": _("Both elements must belong to the same station."),
        "merge_itself_element": _("Give two different elements."),
        "not_merged_element": _("This element was not merged, so there is nothing to undo."),
        "pair_decided": _("Somebody decided on this pair in the meantime. Open the list again."),
        "bad_cadence": _("A cadence is 1 to %(most)s days by grade, with at least grade 0."),
        "bad_attribute": _("The attribute “%(attribute)s” needs a code, a kind, two names, and bounds in order."),
        "attribute_personal": _(
            "“%(attribute)s” asks about people, or watches them. The register holds places, organisations, things and"
            " counts."
        ),
        "bad_category_code": _("A code is small letters, digits and dots, such as place.market."),
        "release_order": _(
            "A table of %(last)s was given out already. Choose a later day: earlier tables cannot be called back."
        ),
        "not_registered": _("There is no element with the number “%(number)s” at this station."),
        "nothing_published": _("No table was given out yet, so there is nothing to export."),
        "nothing_counted": _("Nothing was counted up to this day. Record counts first."),
        "parent_other_kind": _("A category and the one above it are of the same kind: place, organisation or thing."),
        "external_known": _(
            "“%(number)s” has this number of that source already. Change that element instead of registering it again."
        ),
        "bad_share": _("A target lies between 1 and 99 per cent."),
    }
)

"""The texts of consent: known by purpose and version, said in two languages, never by person."""

from __future__ import annotations

import pytest
from django.utils import translation

from jishi.base.errors import Refused
from jishi.privacy import consent, looks_personal_column


def test_every_purpose_has_a_text_in_both_languages() -> None:
    assert consent.purposes() == ["contact", "publish_photo", "statistics"]
    for purpose in consent.purposes():
        text = consent.current(purpose)
        assert consent.read(text.code) == text
        with translation.override("en"):
            assert text.text == text.en
        with translation.override("zh-hans"):
            assert text.text == text.zh
        assert text.zh
        assert text.en
        assert text.zh != text.en


def test_the_newest_version_is_shown_and_an_earlier_one_is_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = consent.Consent("contact", 9, "旧", "old"), consent.Consent("contact", 10, "新", "new")
    monkeypatch.setattr(consent, "_texts", lambda: {("contact", 9): old, ("contact", 10): new})
    assert consent.current("contact") == new
    assert consent.read("contact.9") == old


@pytest.mark.parametrize("code", ["contact", "contact.", "contact.x", "contact.99", "marketing.1", "", "contact/1"])
def test_what_nobody_was_shown_is_refused(code: str) -> None:
    with pytest.raises(Refused, match="unknown_consent"):
        consent.check([code])


def test_codes_are_kept_once_and_in_order() -> None:
    assert consent.check(["publish_photo.1", "contact.1", "contact.1"]) == ["contact.1", "publish_photo.1"]
    assert consent.covers(["contact.1"], "contact")
    assert not consent.covers(["contact.1"], "publish_photo")
    assert not consent.covers([], "contact")


def test_a_purpose_is_not_about_a_person() -> None:
    assert {looks_personal_column(purpose) for purpose in consent.purposes() if purpose != "contact"} == {None}
    with pytest.raises(Refused, match="unknown_consent"):
        consent.current("credit")

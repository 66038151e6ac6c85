"""Fields that are the same for everybody stay so, whoever fills in the form."""

from __future__ import annotations

from django import forms

from jishi.base.fields import unchanging


@unchanging
class Asked(forms.Form):
    """A form with two fields, as an example."""

    name = forms.CharField(max_length=5)
    much = forms.IntegerField(required=False)


def test_two_forms_share_their_fields_and_nothing_of_what_was_written() -> None:
    wrong, good, empty = Asked({"name": "too long", "much": "x"}), Asked({"name": "a", "much": "2"}), Asked()
    assert wrong.fields["name"] is good.fields["name"]
    assert not wrong.is_valid()
    assert good.is_valid()
    assert set(wrong.errors) == {"name", "much"}
    assert (good.errors, good.cleaned_data) == ({}, {"name": "a", "much": 2})
    assert "too long" in str(wrong["name"])
    assert "value" not in str(empty["name"])
    assert not empty.is_bound


def test_other_forms_copy_their_fields() -> None:
    class Plain(Asked):
        """A form of its own, which may change."""

    one, other = Plain(), Plain()
    one.fields["name"].required = False
    assert other.fields["name"].required
    assert Asked().fields["name"].required


@unchanging
class Drawn(forms.Form):
    """A form whose fields say all that a field can say."""

    first_name = forms.CharField(help_text="as written", show_hidden_initial=True)
    much = forms.IntegerField(label="How much", required=False)


def test_it_is_drawn_as_any_other_form_is() -> None:
    class Plain(forms.Form):
        """The same fields, drawn by Django's own."""

        first_name = forms.CharField(help_text="as written", show_hidden_initial=True)
        much = forms.IntegerField(label="How much", required=False)

    for data in (None, {"first_name": "a", "much": "x"}):
        assert Drawn(data).as_div() == Plain(data).as_div()
        assert [each.label for each in Drawn(data)] == ["First name", "How much"]

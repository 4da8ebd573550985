import pytest
from django import forms

from candidates.form_fields import field_of


class Asked(forms.Form):
    level = forms.ChoiceField()


def test_the_field_of_this_form_is_given_not_that_of_its_class():
    form = Asked()

    field_of(form, "level", forms.ChoiceField).choices = [("a", "A")]

    assert form.fields["level"].choices == [("a", "A")]
    assert Asked().fields["level"].choices == []


def test_a_field_of_another_kind_is_refused():
    with pytest.raises(TypeError, match="level of Asked is no IntegerField"):
        field_of(Asked(), "level", forms.IntegerField)

"""What Jinja2 draws is escaped and translated as everything else."""

import pytest
from django.template import Context, Template, engines
from django.utils import translation
from django.utils.safestring import mark_safe

from candidates.templatetags.drawing import drawn

NASTY = "<b>Ana</b> & \"Zé\" 'x'"


@pytest.fixture
def engine(settings, tmp_path):
    (tmp_path / "part.html").write_text(
        '<p title="{{ name }}">{{ _("Select %(candidate)s")|format(candidate=name) }}</p>'
        "{{ safe }}{{ missing }}{{ 1234567|intcomma }} {{ 0.314|percent(1) }}"
    )
    jinja = next(one for one in settings.TEMPLATES if one.get("NAME") == "jinja2")
    other = [one for one in settings.TEMPLATES if one is not jinja]
    settings.TEMPLATES = [*other, jinja | {"DIRS": [tmp_path]}]
    return engines["jinja2"]


def test_what_a_page_knows_is_drawn_escaped(engine):
    shown = drawn(Context({"name": NASTY, "safe": "<i>"}), "part.html", safe=mark_safe("<hr>"))
    assert '<p title="&lt;b&gt;Ana&lt;/b&gt; &amp; &#34;Zé&#34; &#39;x&#39;">' in shown
    assert "Select &lt;b&gt;Ana&lt;/b&gt; &amp;" in shown
    assert shown.endswith("<hr>1,234,567 31.4 %")
    assert Template("{{ shown }}").render(Context({"shown": shown})) == shown


def test_it_speaks_the_language_of_the_page(engine):
    with translation.override("pt-br"):
        shown = drawn(Context({"name": "Ana"}), "part.html")
    assert "Selecionar Ana" in shown
    assert "1.234.567 31,4 %" in shown


def test_forms_are_drawn_escaped():
    from candidates.candidate_forms import CandidateForm

    form = CandidateForm({"name": NASTY})
    assert "&lt;b&gt;Ana&lt;/b&gt;" in str(form["name"])
    assert "<b>Ana" not in str(form["name"])

import ast
import re
from collections import Counter

import polib
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation.template import templatize

from candidates.models import ImportRun
from hiring_site.months import MONTHS
from tests.factories import make_candidate, make_job

FOLDER = settings.BASE_DIR / "locale" / "pt_BR" / "LC_MESSAGES"
APPS = ("candidates", "hiring_site", "jobs", "monitoring", "scoring")
PORTUGUESE = {"Accept-Language": "pt-br"}

# How many leading texts a call has; what xgettext is told by makemessages
ONE, CONTEXT_AND_ONE, TWO, CONTEXT_AND_TWO = (0,), (0, 1), (0, 1), (0, 1, 2)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), ONE),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), CONTEXT_AND_ONE),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), TWO),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), CONTEXT_AND_TWO),
}
LITERAL = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
TEMPLATE_CALL = re.compile(rf"\b(_|n?p?gettext)\(({LITERAL}(?:, {LITERAL})*)")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[ds]|\{\w*\}")
TAG = re.compile(r"</?\w+[^>]*>")


def messages(file=FOLDER / "django.po"):
    return list(polib.pofile(str(file)))


def key(keyword, texts):
    """(context, message), as a catalogue tells messages apart."""
    return (texts[0], texts[1]) if keyword.lstrip("n").startswith("p") else (None, texts[0])


def python_files():
    return [
        file
        for app in APPS
        for file in (settings.BASE_DIR / app).rglob("*.py")
        if "migrations" not in file.parts
    ]


def calls(file):
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            yield node.func.id, [arg.value for arg in node.args if is_text(arg)]


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def messages_of_code():
    return {
        key(name, texts)
        for file in python_files()
        for name, texts in calls(file)
        if name in KEYWORDS and len(texts) > KEYWORDS[name][-1]
    }


def messages_of_templates():
    found = set()
    for file in (settings.BASE_DIR / "templates").rglob("*.html"):
        for keyword, literals in TEMPLATE_CALL.findall(templatize(file.read_text("utf-8"))):
            texts = [ast.literal_eval(text) for text in re.findall(LITERAL, literals)]
            found.add(key(keyword, texts))
    return found


def forms_of(message):
    return list(message.msgstr_plural.values()) if message.msgid_plural else [message.msgstr]


def contents(catalogue):
    return {(m.msgctxt, m.msgid, m.msgid_plural): forms_of(m) for m in catalogue if m.msgid}


class TestTheFile:
    def test_every_message_has_a_translation(self):
        assert [m.msgid for m in messages() if not all(forms_of(m))] == []

    def test_a_plural_has_both_forms(self):
        assert [m.msgid for m in messages() if m.msgid_plural and set(m.msgstr_plural) != {0, 1}] == []

    def test_nothing_is_fuzzy_or_obsolete(self):
        assert [m.msgid for m in messages() if m.fuzzy or m.obsolete] == []

    def test_nothing_is_kept_of_what_a_message_was_before(self):
        before = [(m.previous_msgid, m.previous_msgid_plural, m.previous_msgctxt) for m in messages()]
        assert not any(any(texts) for texts in before)

    @pytest.mark.parametrize("pattern", [PLACEHOLDER, TAG], ids=["placeholders", "tags"])
    def test_a_translation_keeps_what_is_no_word(self, pattern):
        def inside(text):
            return Counter(pattern.findall(text))

        wrong = [
            message.msgid
            for message in messages()
            for translated in forms_of(message)
            if inside(translated)
            not in (inside(message.msgid), inside(message.msgid_plural or message.msgid))
        ]
        assert wrong == []

    def test_a_translation_has_the_ends_and_the_capital_of_its_message(self):
        def ends(text):
            return text[:1].isspace(), text[-1:].isspace(), text.endswith("."), text.endswith(":")

        def is_other(message, translated):
            words = message.msgid[0].isalpha() and translated[0].isalpha()
            capital = words and message.msgid[0].isupper() != translated[0].isupper()
            return ends(message.msgid) != ends(translated) or (capital and message.msgid not in MONTHS)

        wrong = [
            message.msgid
            for message in messages()
            for translated in forms_of(message)
            if is_other(message, translated)
        ]
        assert wrong == []

    def test_the_compiled_file_is_that_of_the_source_file(self):
        assert contents(polib.mofile(str(FOLDER / "django.mo"))) == contents(messages())


class TestTheMessages:
    def test_every_message_of_code_and_templates_is_in_the_file(self):
        known = {(m.msgctxt, m.msgid) for m in messages()}
        assert sorted(m for _, m in (messages_of_code() | messages_of_templates()) - known) == []

    def test_the_file_holds_no_message_that_is_gone(self):
        used = messages_of_code() | messages_of_templates()
        assert sorted(m.msgid for m in messages() if (m.msgctxt, m.msgid) not in used) == []

    def test_no_sentence_goes_through_a_name_that_the_extraction_does_not_know(self):
        hidden = []
        for file in python_files():
            names = aliases(ast.parse(file.read_text("utf-8"))) - set(KEYWORDS)
            hidden += [f"{file.name}: {texts[0]}" for name, texts in calls(file) if name in names and texts]
        assert hidden == []


def aliases(tree):
    return {
        name.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.asname
    }


class TestThePages:
    def test_the_sign_in_page_is_portuguese(self, client, db):
        text = client.get(reverse("login"), headers=PORTUGUESE).content.decode()
        assert 'lang="pt-br"' in text
        assert "Entrar" in text
        assert "Senha" in text

    @pytest.mark.parametrize(
        ("address", "heading"),
        [
            ("jobs:job_list", "Vagas"),
            ("candidates:candidate_list", "Candidatos"),
            ("scoring:model_list", "Modelos"),
            ("jobs:import_list", "Importações"),
            ("jobs:import_new", "Importar arquivos"),
            ("monitoring:drift", "Desvios"),
        ],
    )
    def test_a_page_is_portuguese(self, admin_page, address, heading):
        text = admin_page.get(reverse(address), headers=PORTUGUESE).content.decode()
        assert 'lang="pt-br"' in text
        assert f"<h1>{heading}</h1>" in text

    def test_the_page_for_a_wrong_address_is_portuguese(self, page):
        answer = page.get("/nothing-here/", headers=PORTUGUESE)
        assert answer.status_code == 404
        assert "Não há nada neste endereço." in answer.content.decode()

    def test_a_page_is_english_for_all_others(self, admin_page):
        text = admin_page.get(reverse("jobs:job_list"), headers={"Accept-Language": "de"}).content.decode()
        assert 'lang="en"' in text
        assert "<h1>Jobs</h1>" in text

    def test_one_and_many_are_told_apart(self, page):
        make_candidate()
        one = page.get(reverse("candidates:candidate_list"), headers=PORTUGUESE).content.decode()
        make_candidate()
        two = page.get(reverse("candidates:candidate_list"), headers=PORTUGUESE).content.decode()
        assert '<strong class="num">1</strong> candidato<' in one
        assert '<strong class="num">2</strong> candidatos<' in two

    def test_dates_and_numbers_are_written_the_brazilian_way(self, page):
        job = make_job(requested_on="2026-10-31")
        text = page.get(job.get_absolute_url(), headers=PORTUGUESE).content.decode()
        assert "31 de outubro de 2026" in text
        with translation.override("pt-br"):
            assert formats.number_format(1234.5, 1, force_grouping=True) == "1.234,5"

    def test_why_a_run_failed_is_told_in_the_reader_s_language(self, admin_page):
        run = ImportRun.objects.create()
        run.finish(error="The import failed because of a fault in the program; nothing was changed.")
        for address in (run.get_absolute_url(), reverse("jobs:import_list")):
            text = admin_page.get(address, headers=PORTUGUESE).content.decode()
            assert "A importação falhou por um defeito no programa; nada foi alterado." in text

    def test_the_language_switch_names_both_languages(self, page):
        text = page.get(reverse("jobs:job_list"), headers=PORTUGUESE).content.decode()
        buttons = re.findall(r'name="language" value="([\w-]+)"[^>]*>(\w+)<', text)
        assert buttons == [("en", "EN"), ("pt-br", "PT")]

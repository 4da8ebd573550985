import datetime
import json
import re
from io import StringIO

import numpy as np
import pandas as pd
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from candidates.models import Candidate, Demographics, RunState
from jobs.generator.company import Plan, generate
from jobs.models import Job, Outcome, Prospect
from scoring import auditing, auditing_sources, auditing_words, datasets, people, training
from scoring.ml import leakage, leakage_lists, leakage_rules, schema
from scoring.ml.dataset import make_dataset
from scoring.ml.features import FEATURES, build_features, prepare_jobs
from scoring.ml.leakage import LeakageFound, UnknownFeature
from scoring.ml.recipes import RECIPES, recipe_named
from scoring.ml.recipes.base import PartRecipe, Recipe
from tests.factories import make_candidate, make_job, make_prospect, make_stub, make_version
from tests.scoring.company import make_company
from tests.scoring.measured import CARD, make_measured_version

pytestmark = pytest.mark.django_db

RECORD = {
    "infos_basicas": {"nome": "Nome Sigiloso", "local": "Recife, Pernambuco", "telefone": ""},
    "informacoes_profissionais": {"remuneracao": "1900", "qualificacoes": ""},
    "cargo_atual": {},
}


def columns_of(frame):
    return {name: frame[name].tolist() for name in frame.columns}


# Records


def test_records_become_a_column_for_each_field_in_the_order_asked_for():
    first = make_candidate(raw=RECORD, cv_text="quatro palavras são estas")
    second = make_candidate(raw={"infos_basicas": {"local": "São Paulo"}}, cv_text="")

    frame = auditing.applicants(np.array([first.pk, second.pk]))

    columns = columns_of(frame)
    assert columns["applicants.infos_basicas.local"] == ["Recife, Pernambuco", "São Paulo"]
    assert columns["applicants.informacoes_profissionais.remuneracao"] == ["1900", ""]
    assert columns["applicants.cv_pt.characters"] == ["25", ""]


def test_a_key_that_only_some_records_have_is_a_field_of_its_own_though_it_is_empty():
    with_key = make_candidate(raw=RECORD)
    without = make_candidate(raw={"informacoes_profissionais": {"remuneracao": "2000"}})

    columns = columns_of(auditing.applicants(np.array([with_key.pk, without.pk])))

    assert columns["applicants.informacoes_profissionais.qualificacoes (key)"] == ["1", ""]
    assert "applicants.informacoes_profissionais.remuneracao (key)" not in columns


def test_an_empty_section_is_told_from_one_that_is_there():
    employee = make_candidate(raw={"cargo_atual": {"unidade": "", "cliente": ""}})
    other = make_candidate(raw={"cargo_atual": {}})

    columns = columns_of(auditing.applicants(np.array([employee.pk, other.pk])))

    assert columns == columns | {"applicants.cargo_atual (key)": ["1", ""]}
    assert "applicants.cargo_atual.unidade (key)" not in columns


def test_stubs_have_no_record_and_that_shows():
    known, stub = make_candidate(raw=RECORD), make_stub()

    columns = columns_of(auditing.applicants(np.array([known.pk, stub.pk])))

    assert columns["applicants (key)"] == ["1", ""]


def test_what_the_prospects_say_of_a_job_is_among_its_fields():
    job = make_job(raw={"perfil_vaga": {"nivel profissional": "Sênior"}}, modality="PJ")
    other = make_job(raw={"perfil_vaga": {"nivel profissional": ""}})

    columns = columns_of(auditing.vacancies(np.array([job.pk, other.pk])))

    assert columns["vagas.perfil_vaga.nivel profissional"] == ["Sênior", ""]
    assert columns["prospects.modalidade"] == ["PJ", ""]


def test_applications_are_found_in_any_order_with_who_is_decided():
    day = datetime.date(2026, 3, 9)
    decided = make_prospect(comment="veio", updated_on=day, outcome=Outcome.REJECTED)
    waiting = make_prospect()
    rows = pd.DataFrame(
        {
            "candidate_id": [waiting.candidate_id, decided.candidate_id],
            "job_id": [waiting.job_id, decided.job_id],
        }
    )

    frame, settled = auditing.applications(rows)

    columns = columns_of(frame)
    assert columns["prospects.comentario"] == ["", "veio"]
    assert columns["prospects.ultima_atualizacao"] == ["", "09-03-2026"]
    assert settled.tolist() == [False, True]


def test_protected_attributes_are_never_read(django_assert_num_queries):
    person = make_candidate(raw=RECORD)
    Demographics.objects.create(candidate=person, sex="Feminino", marital_status="Casado")

    with django_assert_num_queries(1) as asked:
        frame = auditing.applicants(np.array([person.pk]))

    assert "demographics" not in asked[0]["sql"]
    assert "Feminino" not in frame.to_json()


def test_a_big_company_is_sampled_always_the_same(monkeypatch):
    monkeypatch.setattr(auditing, "MOST_UNITS", 10)

    some = auditing.sample(1000)

    assert len(some) == 10
    assert (np.diff(some) > 0).all()
    assert (some == auditing.sample(1000)).all()
    assert auditing.sample(7).tolist() == list(range(7))


# What reaches the learner


def test_every_column_of_the_learner_is_traced_to_the_source():
    read = {column for columns in auditing_sources.FIELDS_READ.values() for column in columns}

    named = {f"candidates.{name}" for name in schema.CANDIDATE_COLUMNS}
    named |= {f"jobs.{name}" for name in schema.JOB_COLUMNS}
    assert read == named | {"pairs.as_of"}


def test_nothing_that_is_never_read_reaches_the_learner():
    for name in auditing_sources.FIELDS_READ:
        assert leakage_lists.known_reason(name) is None, name


@pytest.mark.parametrize("name", ["modality", "modalidade", "days_in_process", "recruiter"])
def test_a_column_off_the_list_is_refused_before_anything_is_read(name, django_assert_num_queries):
    dataset = make_dataset(
        pd.DataFrame({name: [1.0, 0.0]}), y=[1, 0], job_id=[1, 2], as_of=["2024-01-01"] * 2
    )

    with django_assert_num_queries(0), pytest.raises(UnknownFeature, match=f"“{name}”"):
        auditing.audit(dataset, columns=[name])


def recipe_of(*names):
    part = PartRecipe(name="all", columns=lambda available: names, params={})
    return Recipe(name="peneira", parts=(part,), policy="all")


@pytest.mark.parametrize("name", ["modality", "days_in_process", "cargo_atual"])
def test_a_recipe_that_names_a_feature_off_the_list_is_refused_before_anything_is_read(
    name, django_assert_num_queries
):
    recipe = recipe_of("cv_sap", name)

    with django_assert_num_queries(0), pytest.raises(UnknownFeature, match=name):
        auditing.check_recipe(recipe)
    with django_assert_num_queries(0), pytest.raises(UnknownFeature, match=name):
        training.learn(recipe, "all", seed=1, report=lambda share, step: None)


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_there_is_keeps_to_the_list(name):
    auditing.check_recipe(recipe_named(name))


# A generated company


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("company")
    generate(Plan(candidates=1200, jobs=800, prospects=3200, seed=4), folder)
    return folder


@pytest.fixture
def company(files):
    names = {"applicants": "applicants", "jobs": "vagas", "prospects": "prospects"}
    paths = {kind: str(files / f"{name}.json") for kind, name in names.items()}
    call_command("import_data", **paths, stdout=StringIO(), verbosity=0)


def audited(policy="all"):
    rows = auditing.labelled_rows(policy)
    return {finding.field: finding for finding in auditing.source_fields(rows)}


def learned_from(policy):
    rows = auditing.labelled_rows(policy)
    jobs = datasets.jobs(rows["job_id"].unique().tolist())
    text = people.text_model(rows, jobs, progress=lambda *said: None)
    block = people.prepare(rows["candidate_id"].unique().tolist(), text=text, progress=lambda *said: None)
    X = build_features(rows, candidates=block, jobs=prepare_jobs(jobs, text=text), events=datasets.events())
    return make_dataset(
        X, **{name: rows[name].to_numpy() for name in ("y", "job_id", "candidate_id", "as_of")}
    )


LEAKS = (
    "prospects.modalidade",
    "prospects.comentario",
    "prospects.ultima_atualizacao",
    "applicants.cargo_atual (key)",
    "applicants.informacoes_profissionais.qualificacoes (key)",
)


@pytest.mark.slow
def test_it_finds_the_known_leaks_of_a_generated_company_by_itself(company, monkeypatch):
    monkeypatch.setattr(leakage_lists, "KNOWN", {})

    findings = audited()

    for name in LEAKS:
        assert findings[name].verdict == "suspicious", name
    honest = set(findings) - set(LEAKS)
    alarms = {name for name in honest if findings[name].gives_itself_away}
    expected = ("applicants.cargo_atual", "applicants.informacoes_profissionais.experiencias")
    also_written_later = {
        "applicants.infos_basicas.data_atualizacao",
        "applicants.informacoes_pessoais.data_aceite",
    }
    assert {name for name in alarms if not name.startswith(expected)} <= also_written_later
    assert not any(finding.gives_itself_away for finding in findings.values() if finding.used)


@pytest.mark.slow
def test_no_feature_of_a_generated_company_stops_a_run(company):
    for policy in ("all", "decided"):
        report = auditing.audit(learned_from(policy), columns=list(FEATURES))

        assert {found["field"] for found in report["features"]} == set(FEATURES)
        assert {found["verdict"] for found in report["features"]} <= {"clear", "reviewed", "too_few"}


def test_features_of_a_small_company_where_one_skill_decides_stop_no_run():
    make_company(jobs=120)

    report = auditing.audit(learned_from("all"), columns=list(FEATURES))

    skills = next(found for found in report["features"] if found["field"] == "must_skills_share")
    assert skills["verdict"] == "reviewed"
    assert skills["figures"]["auc"] > 0.85


@pytest.mark.slow
def test_a_leak_that_somebody_begins_to_read_stops_the_run(company, monkeypatch):
    rows = auditing.labelled_rows("all")
    dataset = make_dataset(
        pd.DataFrame({"cv_sap": np.zeros(len(rows))}, dtype="float32"),
        **{name: rows[name].to_numpy() for name in ("y", "job_id", "candidate_id", "as_of")},
    )
    clean = auditing.audit(dataset, columns=["cv_sap"])
    monkeypatch.setattr(leakage_lists, "KNOWN", {})
    read = auditing_sources.FIELDS_READ | {"prospects.modalidade": ("jobs.modality",)}
    monkeypatch.setattr(auditing, "FIELDS_READ", read)

    with pytest.raises(LeakageFound, match=r"“prospects\.modalidade”.*%"):
        auditing.audit(dataset, columns=["cv_sap"])

    assert {"prospects.modalidade", "prospects.comentario"} <= set(clean["found"])
    assert clean["features"][0]["field"] == "cv_sap"


# A training run


@pytest.fixture
def company_with_a_field_filled_after_hiring():
    jobs = make_company(jobs=120)
    filled = [job.pk for job in jobs if job.prospects.filter(outcome=Outcome.HIRED).exists()]
    Job.objects.filter(pk__in=filled[::2]).update(modality="PJ")


@pytest.mark.slow
def test_a_training_run_keeps_its_audit(company_with_a_field_filled_after_hiring):
    version = training.run(training.new_run()[0])

    audit = version.card["leakage"]
    assert "prospects.modalidade" in audit["found"]
    assert {found["field"] for found in audit["features"]} >= set(version.feature_names)


def test_a_training_run_that_draws_on_a_leak_ends_with_its_name_and_figures(
    company_with_a_field_filled_after_hiring, monkeypatch
):
    monkeypatch.setattr(leakage_lists, "KNOWN", {})
    read = auditing_sources.FIELDS_READ | {"prospects.modalidade": ("jobs.modality",)}
    monkeypatch.setattr(auditing, "FIELDS_READ", read)
    run = training.new_run()[0]

    assert training.run(run) is None

    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "“prospects.modalidade”" in run.error
    assert re.search(r"\d+\.\d %", run.error)


def test_every_sentence_of_the_audit_is_given_to_the_translators():
    rules = leakage_rules.RULES.values()
    said = {leakage.NEVER_READ, *(rule.says for rule in rules), *(rule.sentence for rule in rules)}
    reasons = {*leakage_lists.KNOWN.values(), *(review.reason for review in leakage_lists.REVIEWED.values())}

    assert set(auditing_words.WORDS) == said | reasons


# The command and the page


@pytest.mark.slow
def test_the_command_prints_every_field_with_its_verdict_and_nobodys_values(company):
    out = StringIO()
    call_command("audit_fields", stdout=out)

    lines = out.getvalue().splitlines()
    modality = next(line for line in lines if line.startswith("prospects.modalidade"))
    assert "known: nearly only where somebody was hired" in modality
    assert re.search(r"job +category +\d+\.\d %", modality.replace("%", " %"))
    assert any(line.startswith("vagas.informacoes_basicas.titulo_vaga") for line in lines)
    assert "give themselves away" in lines[-1]

    out = StringIO()
    call_command("audit_fields", json=True, stdout=out)
    assert "prospects.modalidade" in json.loads(out.getvalue())["found"]
    person, job = Candidate.objects.known().first(), Job.objects.exclude(modality="").first()
    recruiters = Prospect.objects.values_list("recruiter", flat=True).distinct()
    for value in (person.name, person.email, job.client, job.title, *recruiters):
        assert value
        assert value not in out.getvalue()


def test_the_command_says_so_when_there_is_nothing_to_judge():
    with pytest.raises(CommandError, match="no application with an outcome"):
        call_command("audit_fields")


@pytest.fixture
def filled_after_hiring():
    jobs = [make_job(raw={"perfil_vaga": {"cidade": "Recife"}}, modality="PJ" * (n < 35)) for n in range(90)]
    for number, job in enumerate(jobs):
        hired = number < 40
        make_prospect(
            job=job,
            outcome=Outcome.HIRED if hired else Outcome.REJECTED,
            source_status="Contratado pela Decision" if hired else "Não Aprovado pelo Cliente",
        )


@pytest.fixture
def a_report(filled_after_hiring):
    return auditing.to_json(auditing.source_fields(auditing.labelled_rows("all")), ())


def test_fields_are_judged_on_all_outcomes_though_a_recipe_learns_from_few(filled_after_hiring):
    rows = auditing.labelled_rows("all")
    few = rows["y"].where(rows.index % 9 == 0)
    dataset = make_dataset(
        pd.DataFrame({"cv_sap": np.zeros(len(rows))}, dtype="float32"),
        y=few.to_numpy(),
        **{name: rows[name].to_numpy() for name in ("job_id", "candidate_id", "as_of")},
    )

    assert "prospects.modalidade" not in auditing.audit(dataset, columns=["cv_sap"])["found"]
    assert "prospects.modalidade" in auditing.audit(dataset, columns=["cv_sap"], policy="all")["found"]


@pytest.fixture
def version(a_report):
    return make_measured_version(card=CARD | {"leakage": a_report})


def named(html):
    """Fields and features in the order of the page."""
    return re.findall(r"<tr><th scope=\"row\"[^>]*><code>([^<]+)</code>", html)


def fields_page(page, version, part="", **headers):
    address = reverse("scoring:model_fields", args=[version.number])
    return page.get(address, {"part": part} if part else {}, headers=headers).content.decode()


def test_a_version_shows_what_breaks_a_rule_with_words_and_figures(page, version):
    html = page.get(version.get_absolute_url()).content.decode()

    rows = named(html)
    assert "prospects.modalidade" in rows
    assert "vagas.perfil_vaga.cidade" not in rows
    assert "never read" in html
    assert "nearly only where somebody was hired" in html
    assert "filled in or changed after the outcome" in html


def test_all_fields_and_features_stand_on_a_page_of_their_own_the_worst_first(page, version):
    html = fields_page(page, version)

    rows = named(html)
    assert rows[0] == "prospects.modalidade"
    assert "vagas.perfil_vaga.cidade" in rows
    assert "100.0 %" in html
    assert "client_hire_rate" in rows
    assert "cv_sap" not in rows  # it drew nothing from it


@pytest.mark.parametrize("part", ["fields", "features", "gains"])
def test_the_page_of_a_version_fetches_each_table_and_without_a_script_links_to_it(page, version, part):
    address = reverse("scoring:model_fields", args=[version.number])
    card = page.get(version.get_absolute_url()).content.decode()
    table = fields_page(page, version, part, **{"HX-Request": "true"})

    assert f'hx-get="{address}?part={part}"' in card
    assert f'href="{address}#{part}"' in card
    assert f'id="{part}"' in fields_page(page, version)
    assert table.count("<table") == 1
    assert "<html" not in table


def test_a_part_that_is_none_gives_the_page(page, version):
    assert "<html" in fields_page(page, version, "passwords", **{"HX-Request": "true"})


def test_a_version_without_an_audit_shows_none_and_its_fields_page_says_so(page):
    version = make_version()

    assert 'id="leakage"' not in page.get(version.get_absolute_url()).content.decode()
    assert "Not recorded." in fields_page(page, version)


def test_the_page_reads_in_portuguese_too(page, version):
    assert "100,0 %" in fields_page(page, version, **{"Accept-Language": "pt-br"})

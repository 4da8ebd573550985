import datetime

import numpy as np
import pytest
from django.db import transaction

from candidates.models import Candidate, Demographics, RunState
from candidates.services import refresh_profiles
from candidates.skills import skill
from jobs import services
from jobs.generator.company import Plan, generate
from jobs.models import Prospect, Requirement
from scoring import answers, assembling, datasets, people
from scoring.ml import artifact
from scoring.ml.features import build_features, prepare_jobs
from scoring.ml.recipes import RECIPES, recipe_named
from scoring.ml.train import TrainConfig, train

pytestmark = [pytest.mark.django_db, pytest.mark.untraced]

CONFIG = TrainConfig(bootstrap_resamples=10, max_rounds=60)
PERSONS = 60
NAMES = (
    "Ana Lúcia Prates",
    "João da Silva Júnior",
    "Keiko Tanaka",
    "Sr. Paulo Souza",
    "Dandara Nascimento",
    "Mariana Campos Sales",
)
# What a CV may say of a person: either way the score is the same to the last bit
FACTS = (
    ("Casada", "Solteira"),
    ("Brasileiro, solteiro, 32 anos", "Brasileira, mãe de dois filhos"),
    ("Solteiro, 32 anos", "Viúva, 58 anos"),
    ("Estado civil: casado\nIdade: 33 anos", "Estado civil: divorciada\nIdade: 61 anos"),
    ("Data de nascimento: 12/03/1985\nSexo: feminino", "Nascido em 1 de abril de 1999\nSexo: masculino"),
    ("Rua das Flores, 123, Boa Viagem, Recife\nCEP: 51020-000", "Av. Paulista, 1000\nCEP: 01310-100"),
    ("Bairro: Boa Viagem\nCidade: Recife - PE", "Bairro: Jardim São Paulo\nCidade: Porto Alegre/RS"),
    ("ana.prates@example.com", "joao_da_silva_1970@example.com"),
    ("Católica, filhos: 2", "Evangélico, filhos: não"),
    ("", "Sou autista nível 1 de suporte (TEA)\nCadeirante"),
    ("PCD: sim\nSurda, baixa visão", "TDAH\nDeficiente auditivo, síndrome de Down"),
    ("Mãe solo de dois filhos, gestante\nLicença-maternidade", "Pai de dois filhos"),
    ("Coletivo de mulheres\nMulheres na tecnologia", "Coletivo de homens\nHomens na tecnologia"),
    ("Igreja Batista da Lagoinha\nPastoral da Juventude", "Terreiro de Umbanda\nSinagoga Beth El"),
    ("Idade: quarenta e cinco anos\nvinte anos", "Idade: vinte anos\n61 anos"),
    ("Gerenta e coordenadora, mestra em física", "Gerente e coordenador, mestre em física"),
    ("Desenvolvedora formada, promovida a gestora", "Desenvolvedor formado, promovido a gestor"),
)


class Silent:
    def __call__(self, share, step):
        pass

    def between(self, start, end, step):
        return lambda share, stage="": None

    def log(self, line):
        pass


@pytest.fixture(scope="module")
def company(django_db_setup, django_db_blocker, tmp_path_factory):
    """An invented company, imported; undone after the last test of this file."""
    folder = tmp_path_factory.mktemp("company")
    plan = Plan(candidates=1200, jobs=400, prospects=1800, seed=3, hire_rate=0.12)
    with django_db_blocker.unblock(), transaction.atomic():
        generate(plan, folder)
        files = {"applicants": "applicants.json", "jobs": "vagas.json", "prospects": "prospects.json"}
        run = services.make_import({kind: folder / name for kind, name in files.items()})
        services.run_import(run)
        run.refresh_from_db()
        assert run.state == RunState.DONE, run.error
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def learned(company, django_db_blocker):
    with django_db_blocker.unblock():
        return {name: learn(name) for name in RECIPES}


def learn(name):
    recipe = recipe_named(name)
    made = assembling.assemble(recipe, recipe.policy, config=CONFIG, report=Silent())
    return made, train(made.dataset, recipe=recipe, config=CONFIG)


def packed(made, result):
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    return artifact.pack(result, made.dataset, created_at=day, policy="all", arrays=made.arrays())


@pytest.fixture(scope="module")
def models(learned):
    """As they are served: from the files of their artifacts."""
    return {name: artifact.unpack(packed(*learned[name]), name=name) for name in sorted(RECIPES)}


@pytest.fixture(params=sorted(RECIPES))
def model(request, models):
    return models[request.param]


@pytest.fixture(scope="module")
def peneira(models):
    return models["peneira"]


def applications(number=PERSONS):
    """The newest application of each of so many people with a CV."""
    rows = (
        Prospect.objects.filter(applied_on__isnull=False, job__is_stub=False)
        .exclude(candidate__cv_text="")
        .order_by("candidate_id", "-applied_on", "-pk")
        .distinct("candidate_id")
        .values_list("candidate_id", "job_id", "applied_on")[:number]
    )
    candidates, jobs, days = zip(*rows, strict=True)
    return answers.Rows(np.array(candidates), np.array(jobs), np.array(days, dtype="datetime64[D]"))


def scores(model, rows):
    said, known = answers.answers(model, rows, events=answers.history())
    assert known.all()
    return np.column_stack([said.p, said.raw, said.order])


def change(rows, edit):
    persons = list(Candidate.objects.filter(pk__in=rows.candidates.tolist()).order_by("pk"))
    for place, person in enumerate(persons):
        edit(place, person)
    Candidate.objects.bulk_update(
        persons, ["name", "email", "headline", "cv_text", "technical_knowledge", "raw"]
    )
    refresh_profiles([person.pk for person in persons])


def test_name_and_mail_make_no_difference(model):
    def named(shift):
        def edit(place, person):
            person.name = NAMES[(place + shift) % len(NAMES)]
            person.email = person.name.lower().replace(" ", ".") + "@example.com"
            person.cv_text = f"{person.name}\n{originals[person.pk]}\nAtenciosamente, {person.name.upper()}"

        return edit

    rows = applications()
    originals = dict(Candidate.objects.values_list("pk", "cv_text"))
    change(rows, named(0))
    before = scores(model, rows)
    for shift in range(1, len(NAMES)):
        change(rows, named(shift))
        np.testing.assert_array_equal(scores(model, rows), before)


def test_sex_birth_marital_status_and_disability_make_no_difference(model):
    rows = applications()
    before = scores(model, rows)
    for sex, born, status, disability in (
        ("Feminino", "1960-01-01", "Casado", "Sim"),
        ("Masculino", "2001-01-01", "Solteiro", "Não"),
    ):
        Demographics.objects.filter(candidate__in=rows.candidates.tolist()).delete()
        Demographics.objects.bulk_create(
            Demographics(
                candidate_id=pk, sex=sex, birth_date=born, marital_status=status, disability=disability
            )
            for pk in rows.candidates.tolist()
        )
        np.testing.assert_array_equal(scores(model, rows), before)


def test_the_address_of_the_source_record_makes_no_difference(model):
    def move(place, person):
        person.raw = person.raw | {"informacoes_pessoais": {"endereco": "Rua das Flores, 123, Boa Viagem"}}

    rows = applications()
    before = scores(model, rows)
    change(rows, move)
    np.testing.assert_array_equal(scores(model, rows), before)


@pytest.mark.parametrize(("one", "other"), FACTS)
def test_what_a_cv_says_of_the_person_makes_no_difference(models, one, other):
    def saying(fact):
        def edit(place, person):
            cv = originals[person.pk]
            half = cv.find("\n", len(cv) // 2)
            person.cv_text = f"{fact}\n{cv[:half]}\n{fact}{cv[half:]}" if place % 2 else f"{fact}\n{cv}"

        return edit

    rows = applications()
    originals = dict(Candidate.objects.values_list("pk", "cv_text"))
    change(rows, saying(one))
    before = {name: scores(model, rows) for name, model in models.items()}
    change(rows, saying(other))
    for name, model in models.items():
        np.testing.assert_array_equal(scores(model, rows), before[name], err_msg=name)


def test_what_a_cv_says_of_the_work_does_make_a_difference(model):
    def retrain(place, person):
        person.cv_text = "Padeiro e confeiteiro, pães e bolos"
        person.headline = person.technical_knowledge = ""

    rows = applications()
    before = scores(model, rows)
    change(rows, retrain)
    assert (scores(model, rows)[:, 1] != before[:, 1]).mean() > 0.1


def test_a_required_skill_added_never_lowers_a_score(peneira):
    rows = applications(600)
    frame = datasets.candidates(rows.candidates.tolist())
    missing = {}
    asked = Requirement.objects.filter(kind="skill", must=True, job__in=set(rows.jobs.tolist()))
    for job, value in asked.order_by("pk").values_list("job_id", "value"):
        for pk in rows.candidates[rows.jobs == job].tolist():
            if value not in frame.loc[pk, "skills"]:
                missing.setdefault(pk, value)
    rows = rows.taken(np.isin(rows.candidates, list(missing)))
    assert len(rows) > 250
    before = scores(peneira, rows)

    def learn_it(place, person):
        name = skill(missing[person.pk]).label
        person.technical_knowledge = f"{person.technical_knowledge}\n{name}"
        if place % 2:
            person.cv_text = f"{person.cv_text}\n{name}: projetos com {name}"

    change(rows, learn_it)
    skills = datasets.candidates(rows.candidates.tolist())["skills"]
    found = np.array([missing[pk] in skills.loc[pk] for pk in rows.candidates.tolist()])
    assert found.sum() > 250  # a few labels need a context to be told from other words
    risen = (scores(peneira, rows) - before)[found]
    assert risen.min() >= 0
    assert (risen[:, 1] > 0).mean() > 0.5


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_the_order_of_the_rows_makes_no_difference(learned, name):
    made, result = learned[name]
    order = np.random.default_rng(1).permutation(len(made.dataset))
    again = train(made.dataset.subset(order), recipe=recipe_named(name), config=CONFIG)

    boosters = [[part.booster.model_to_string() for part in found.head.parts] for found in (result, again)]
    assert boosters[0] == boosters[1]
    assert again.threshold == result.threshold
    np.testing.assert_array_equal(again.test.p, result.test.p)
    assert set(order[again.test.rows]) == set(
        result.test.rows
    )  # rows that are wholly alike may change places


def test_reasons_add_up_to_the_score(model):
    rows = applications()
    said, _ = answers.answers(model, rows, events=answers.history())
    X = served_features(model, rows)
    explained = model.contributions(X)

    assert explained.shape == (len(rows), len(model.feature_names) + 1)
    np.testing.assert_allclose(explained.sum(axis=1), said.raw, rtol=0, atol=1e-9)
    np.testing.assert_array_equal(model.calibrator.apply(said.raw), said.p)
    assert np.abs(explained[:, :-1]).sum() > 0


def served_features(model, rows):
    import pandas as pd

    text = people.text_of(model)
    pairs = pd.DataFrame(
        {"candidate_id": rows.candidates, "job_id": rows.jobs, "as_of": rows.days.astype("datetime64[s]")}
    )
    X = build_features(
        pairs,
        candidates=people.prepare(rows.candidates.tolist(), text=text, progress=lambda share: None),
        jobs=prepare_jobs(datasets.jobs(set(rows.jobs.tolist())), text=text),
        events=answers.history(),
        topics=people.topics_of(model),
    )
    return X.to_numpy()[:, model.columns_in(list(X.columns))]

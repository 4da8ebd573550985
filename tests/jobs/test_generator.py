import csv
import gzip
import json
import subprocess
import sys
import tracemalloc
import unicodedata
from datetime import date, datetime
from pathlib import Path

import pytest

from hiring_site.launcher import DEMO
from jobs.generator.auc import auc, auc_inside
from jobs.generator.catalogue import professions, skills
from jobs.generator.company import Company, Plan, generate
from jobs.generator.cv import write_cv
from jobs.generator.grammar import PHRASES, expand, phrase_file, stream
from jobs.generator.money import written_wish
from jobs.generator.outcomes import HIRED
from jobs.generator.pairing import job_sizes
from jobs.generator.person import EDUCATION_RANK, LANGUAGE_LEVELS, person
from jobs.generator.rule import intercept_for, sigmoid, skill_share, true_probability
from jobs.generator.timeline import Timeline
from jobs.generator.vacancy import JOB_ENGLISH, LEVEL_RUNG
from jobs.generator.world import World
from jobs.generator.writer import encoded

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.untraced

PLAN = Plan(candidates=1500, jobs=700, prospects=2600, seed=11, hire_rate=0.07)
UNTIL = date(2026, 10, 31)
STATUSES = HIRED | {
    "Não Aprovado pelo Cliente",
    "Não Aprovado pelo RH",
    "Não Aprovado pelo Requisitante",
    "Recusado",
    "Desistiu",
    "Desistiu da Contratação",
    "Sem interesse nesta vaga",
    "Prospect",
    "Encaminhado ao Requisitante",
    "Inscrito",
    "Entrevista Técnica",
    "Entrevista com Cliente",
    "Em avaliação pelo RH",
}
AREAS = {
    *(
        "Administrativa",
        "Comercial",
        "Financeira/Controladoria",
        "Gestão e Alocação de Recursos de TI",
        "Jurídica",
    ),
    *(
        "Marketing",
        "Novos Negócios e Parcerias",
        "Qualidade Corporativa",
        "Recursos Humanos",
        "Relacionamento Técnico",
    ),
    *(
        "TI - Arquitetura",
        "TI - Banco de Dados",
        "TI - Desenvolvimento/Design",
        "TI - Desenvolvimento/Mobile",
    ),
    *(
        "TI - Desenvolvimento/Programação",
        "TI - Governança",
        "TI - Infraestrutura",
        "TI - Processos e Negócios",
    ),
    *("TI - Projetos", "TI - Qualidade/Testes", "TI - SAP", "TI - Segurança da Informação"),
    *("TI - Sistemas e Ferramentas", "TI - Suporte", "TI - Telecom", "TI - UX"),
}
EDUCATION = set(EDUCATION_RANK)
NO_DATES = {"", "00-00-0000", "0000-00-00", "01-01-1970", "31-12-1969", "30-11-0001"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    directory = tmp_path_factory.mktemp("company")
    result = generate(PLAN, directory, truth=directory / "truth.csv.gz")
    return directory, result


@pytest.fixture(scope="module")
def applicants(made):
    return json.loads((made[0] / "applicants.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def vagas(made):
    return json.loads((made[0] / "vagas.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def prospects(made):
    return json.loads((made[0] / "prospects.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def rows(prospects):
    return [row | {"vaga": job} for job, record in prospects.items() for row in record["prospects"]]


@pytest.fixture(scope="module")
def truth(made):
    with gzip.open(made[0] / "truth.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def world():
    return World.of(11, timeline=Timeline.ending(UNTIL), candidates=1500)


@pytest.fixture(scope="module")
def company():
    return Company(PLAN, lambda *_: None)


def scalars(record):
    if isinstance(record, dict):
        return [scalar for value in record.values() for scalar in scalars(value)]
    if isinstance(record, list):
        return [scalar for value in record for scalar in scalars(value)]
    return [record]


def plain(text):
    """Lower case, no accents, single spaces: what a reader sees."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return " ".join(bare.replace("\u00ad", "-").split())


def names_of(skill):
    return [*skill.spellings, *([skill.english] if skill.english else [])]


class TestFormat:
    def test_it_writes_as_many_records_as_asked(self, applicants, prospects, rows):
        assert (len(applicants), len(prospects), len(rows)) == (1500, 700, 2600)

    def test_every_scalar_is_a_string(self, applicants, vagas, prospects):
        for records in (applicants, vagas, prospects):
            assert {type(scalar) for scalar in scalars(records)} == {str}

    def test_sections_and_keys_are_those_of_the_source_misspelt_as_they_are(
        self, applicants, vagas, prospects
    ):
        applicant, job = next(iter(applicants.values())), next(iter(vagas.values()))
        listed = next(record for record in prospects.values() if record["prospects"])
        assert list(applicant) == [
            *("infos_basicas", "informacoes_pessoais", "informacoes_profissionais", "formacao_e_idiomas"),
            *("cargo_atual", "cv_pt", "cv_en"),
        ]
        assert list(job) == ["informacoes_basicas", "perfil_vaga", "beneficios"]
        assert "data_requicisao" in job["informacoes_basicas"]
        assert "nivel profissional" in job["perfil_vaga"]
        assert list(listed) == ["titulo", "modalidade", "prospects"]
        assert list(listed["prospects"][0]) == [
            *("nome", "codigo", "situacao_candidado", "data_candidatura", "ultima_atualizacao", "comentario"),
            "recrutador",
        ]

    def test_codes_are_the_keys_and_nobody_is_twice_in_a_job(self, applicants, prospects):
        assert all(
            key == record["infos_basicas"]["codigo_profissional"] for key, record in applicants.items()
        )
        for record in prospects.values():
            codes = [row["codigo"] for row in record["prospects"]]
            assert len(codes) == len(set(codes))

    def test_values_come_from_the_closed_sets(self, applicants, vagas, rows):
        assert {row["situacao_candidado"] for row in rows} <= STATUSES
        for record in vagas.values():
            profile = record["perfil_vaga"]
            assert profile["nivel profissional"] in LEVEL_RUNG
            assert profile["nivel_academico"] in EDUCATION
            assert profile["nivel_ingles"] in JOB_ENGLISH
            assert profile["nivel_espanhol"] in {"", *JOB_ENGLISH}
        for record in applicants.values():
            studied = record["formacao_e_idiomas"]
            assert studied["nivel_academico"] in {"", *EDUCATION}
            assert studied["nivel_ingles"] in {"", *LANGUAGE_LEVELS}
            assert record["informacoes_pessoais"]["sexo"] in {"", "Masculino", "Feminino"}

    def test_area_labels_run_together_each_ended_by_a_hyphen(self, vagas):
        for record in vagas.values():
            rest = record["perfil_vaga"]["areas_atuacao"]
            while rest:
                label = next(area for area in AREAS if rest.startswith(f"{area}-"))
                rest = rest.removeprefix(f"{label}-")
        assert any(record["perfil_vaga"]["areas_atuacao"].count("-TI") for record in vagas.values())

    def test_people_have_area_lists_of_the_closed_set(self, applicants):
        lists = [r["informacoes_profissionais"]["area_atuacao"] for r in applicants.values()]
        assert {area for text in lists if text for area in text.split(", ")} <= AREAS

    def test_dates_have_the_three_formats_or_are_known_nothings(self, applicants, vagas, rows):
        for row in rows:
            datetime.strptime(row["data_candidatura"], "%d-%m-%Y")
        for record in vagas.values():
            limit = record["informacoes_basicas"]["limite_esperado_para_contratacao"]
            assert limit in NO_DATES or datetime.strptime(limit, "%d-%m-%Y")
        for record in applicants.values():
            created = record["infos_basicas"]["data_criacao"]
            accepted = record["informacoes_pessoais"]["data_aceite"]
            assert created == "" or datetime.strptime(created, "%d-%m-%Y %H:%M:%S")
            assert accepted[0] == "C" or datetime.strptime(accepted, "%d/%m/%Y %H:%M")


class TestQuirks:
    def test_impossible_dates_occur(self, applicants, vagas):
        births = {r["informacoes_pessoais"]["data_nascimento"] for r in applicants.values()}
        limits = {r["informacoes_basicas"]["limite_esperado_para_contratacao"] for r in vagas.values()}
        assert births >= {"0000-00-00", "31-12-1969"}
        assert limits >= {"00-00-0000", "01-01-1970"}
        assert "30-11-0001" in {r["informacoes_basicas"].get("data_inicial") for r in vagas.values()}

    def test_optional_keys_are_now_there_now_not(self, applicants, vagas):
        for section, key in [
            ("informacoes_basicas", "data_inicial"),
            ("informacoes_basicas", "nome_substituto"),
            ("informacoes_basicas", "telefone"),
            ("perfil_vaga", "equipamentos_necessarios"),
            ("perfil_vaga", "habilidades_comportamentais_necessarias"),
        ]:
            assert {key in record[section] for record in vagas.values()} == {True, False}
        for section, key in [
            ("informacoes_pessoais", "download_cv"),
            ("formacao_e_idiomas", "cursos"),
            ("formacao_e_idiomas", "outro_curso"),
        ]:
            assert {key in record[section] for record in applicants.values()} == {True, False}

    def test_a_third_has_no_cv_and_some_say_only_that_it_is_attached(self, applicants):
        texts = [record["cv_pt"] for record in applicants.values()]
        assert 0.28 < sum(not text for text in texts) / len(texts) < 0.36
        assert sum("em anexo" in text and len(text) < 30 for text in texts) >= 2

    def test_cvs_are_lower_case_of_many_lines_and_of_real_length(self, applicants):
        texts = [record["cv_pt"] for record in applicants.values() if record["cv_pt"]]
        assert all(text == text.lower() for text in texts)
        assert 2300 < sum(map(len, texts)) / len(texts) < 3700
        assert max(map(len, texts)) > 12_000
        assert sum("\n" in text for text in texts) / len(texts) > 0.95

    def test_a_sixth_of_the_applications_name_nobody_in_the_applicants_file(self, applicants, rows):
        assert 0.11 < sum(row["codigo"] not in applicants for row in rows) / len(rows) < 0.21

    def test_a_few_jobs_are_missing_in_vagas(self, vagas, prospects):
        assert 0 < len(prospects.keys() - vagas.keys()) < 10
        assert vagas.keys() <= prospects.keys()

    def test_a_fifth_of_the_lists_are_empty_and_many_end_at_the_cap(self, prospects):
        sizes = [len(record["prospects"]) for record in prospects.values()]
        assert 0.15 < sizes.count(0) / len(sizes) < 0.26
        assert max(sizes) == 25
        assert sizes.count(25) > max(sizes.count(24), sizes.count(23))

    def test_titles_in_prospects_are_cut(self):
        wanted = Plan(candidates=30, jobs=900, prospects=0, seed=3)
        company = Company(wanted, lambda *_: None)
        titles = [company._prospects_record(company.job(job), [])["titulo"] for job in range(wanted.jobs)]
        assert max(map(len, titles)) == 102

    def test_contract_types_come_in_any_order(self, vagas):
        kinds = {record["informacoes_basicas"]["tipo_contratacao"] for record in vagas.values()}
        assert kinds >= {"CLT Full, PJ/Autônomo", "PJ/Autônomo, CLT Full", "PJ/Autônomo", ""}

    def test_a_third_of_the_jobs_repeat_the_activities_as_competences(self, vagas):
        profiles = [record["perfil_vaga"] for record in vagas.values()]
        same = sum(
            p["principais_atividades"] == p["competencia_tecnicas_e_comportamentais"] for p in profiles
        )
        assert 0.28 < same / len(profiles) < 0.43

    def test_money_comes_in_many_notations(self):
        rng = stream(1, "money")
        seen = {written_wish(4250, rng) for _ in range(2000)}
        assert seen >= {
            "4250",
            "4250,00",
            "4.250,00",
            "R$ 4.250,00",
            "R$4.250",
            "R$ 4.250.00 mensal",
            "mensal / 4250",
        }
        assert seen >= {"25 por hora", "Atual, 4.250,00", "híbrido - CLT + PJ", "R$ 4.250,00 CLT/mês"}

    def test_the_company_has_another_name_but_the_status_keeps_the_formats_word(self, vagas, rows):
        assert not any("Decision" in r["informacoes_basicas"]["empresa_divisao"] for r in vagas.values())
        assert any(row["situacao_candidado"] == "Contratado pela Decision" for row in rows)

    def test_nobody_could_be_reached(self, applicants):
        for record in applicants.values():
            basics = record["infos_basicas"]
            assert basics["telefone"] == "" or basics["telefone"].endswith("9xxxx-xxxx")
            assert (
                basics["email"].rsplit("@")[1].split(".")[-1] == "example" or "@example." in basics["email"]
            )


class TestLeaksOfTheSource:
    def test_modality_is_filled_only_after_a_hire(self):
        wanted = Plan(candidates=600, jobs=900, prospects=2500, seed=5, hire_rate=0.2)
        company = Company(wanted, lambda *_: None)
        filled = {True: [], False: []}
        for index in range(wanted.jobs):
            job = company.job(index)
            made = company.outcomes(job)
            record = company._prospects_record(job, made)
            filled[any(each.hired for each in made)].append(record["modalidade"] != "")
        assert sum(filled[True]) / len(filled[True]) > 0.18
        assert sum(filled[False]) / len(filled[False]) < 0.02

    def test_present_job_exists_only_for_the_hired(self, applicants, rows):
        hired = {row["codigo"] for row in rows if row["situacao_candidado"].startswith("Contratado")}
        employed = {code for code, record in applicants.items() if record["cargo_atual"]}
        assert employed
        assert employed <= hired
        with_keys = {c for c, r in applicants.items() if "qualificacoes" in r["informacoes_profissionais"]}
        assert with_keys == employed

    def test_comments_stay_short_and_tell_the_outcome(self, rows):
        assert max(len(row["comentario"]) for row in rows) <= 255
        assert 0.15 < sum(row["comentario"] != "" for row in rows) / len(rows) < 0.4
        assert not any(row["comentario"] for row in rows if row["situacao_candidado"] == "Prospect")

    def test_self_enrolled_people_are_hardly_ever_updated(self, rows):
        updates = [row["ultima_atualizacao"] for row in rows if row["situacao_candidado"] == "Inscrito"]
        assert sum(update == "" for update in updates) / len(updates) > 0.9


class TestTime:
    def test_nothing_lies_after_the_last_day_nor_before_the_requisition(self, vagas, rows):
        for row in rows:
            applied = datetime.strptime(row["data_candidatura"], "%d-%m-%Y").date()
            assert applied <= UNTIL
            if row["ultima_atualizacao"]:
                assert applied <= datetime.strptime(row["ultima_atualizacao"], "%d-%m-%Y").date() <= UNTIL
            if job := vagas.get(row["vaga"]):
                asked = datetime.strptime(job["informacoes_basicas"]["data_requicisao"], "%d-%m-%Y").date()
                assert asked <= applied

    def test_nobody_applies_before_being_registered(self, company):
        for pair, who in enumerate(company.person):
            assert company.people.registered[who] <= company.applied[pair]

    def test_it_covers_five_years_and_ends_with_open_jobs(self, rows):
        years = {row["data_candidatura"][-4:] for row in rows}
        assert years >= {"2022", "2023", "2024", "2025", "2026"}
        last = [
            r for r in rows if datetime.strptime(r["data_candidatura"], "%d-%m-%Y").date() > date(2026, 9, 15)
        ]
        decided = sum(r["situacao_candidado"] in HIRED for r in last)
        assert len(last) > 30
        assert decided < len(last) / 8

    def test_it_ends_on_the_day_asked_for(self, tmp_path):
        generate(Plan(candidates=60, jobs=40, prospects=80, until=date(2020, 2, 29)), tmp_path)
        jobs = json.loads((tmp_path / "vagas.json").read_text())
        asked = [j["informacoes_basicas"]["data_requicisao"] for j in jobs.values()]
        days = [datetime.strptime(text, "%d-%m-%Y").date() for text in asked]
        assert date(2015, 2, 27) < min(days) <= max(days) <= date(2020, 2, 29)


class TestHiddenRule:
    def test_the_printed_auc_is_that_of_the_truth_file(self, made, truth):
        settled = [row for row in truth if row["settled"] == "1"]
        scores, hired = [float(r["probability"]) for r in settled], [int(r["hired"]) for r in settled]
        jobs = {}
        for row in settled:
            of_job = jobs.setdefault(row["job"], ([], []))
            of_job[0].append(float(row["probability"]))
            of_job[1].append(int(row["hired"]))
        assert made[1].best_auc == auc(scores, hired)
        assert (made[1].best_auc_inside_jobs, made[1].jobs_with_both) == auc_inside(jobs.values())

    def test_the_truth_file_agrees_with_the_prospects(self, truth, rows, applicants):
        outcome = {(row["vaga"], row["codigo"]): row["situacao_candidado"] in HIRED for row in rows}
        assert len(truth) == len(rows)
        assert {(r["job"], r["candidate"]): r["hired"] == "1" for r in truth} == outcome

    def test_there_is_something_to_learn_overall_and_inside_jobs(self, made):
        assert 0.80 < made[1].best_auc < 0.92
        assert 0.70 < made[1].best_auc_inside_jobs < 0.88

    def test_the_share_of_hires_is_the_one_asked_for(self, made, company):
        assert abs(sum(company.probability) / len(company.probability) - PLAN.hire_rate) < 1e-4
        assert abs(made[1].hire_rate - PLAN.hire_rate) < 0.02

    def test_more_required_skills_mean_more_hires(self, company):
        rates = {"few": [], "many": []}
        for index in range(PLAN.jobs):
            job = company.job(index)
            for pair, each in zip(company.pairs_of(index), company.outcomes(job), strict=True):
                reading = company.people.reading(company.person[pair])
                if reading.readable and not each.pending:
                    rates["many" if skill_share(reading, job) > 0.6 else "few"].append(each.hired)
        few, many = (sum(rates[key]) / len(rates[key]) for key in ("few", "many"))
        assert many > 2.5 * few

    def test_probabilities_are_the_share_of_hires_when_drawn_often(self):
        rng = stream(2, "draws")
        for logit in (-4.0, -1.5, 0.3):
            drawn = sum(rng.random() < sigmoid(logit + rng.gauss(0.0, 0.45)) for _ in range(60_000)) / 60_000
            assert abs(drawn - true_probability(logit)) < 0.006

    def test_the_intercept_makes_the_mean(self):
        logits = [-3.0, -1.0, 0.0, 0.5, 2.0]
        found = intercept_for(logits, hire_rate=0.2)
        assert sum(true_probability(found + logit) for logit in logits) / 5 == pytest.approx(0.2, abs=1e-5)


class TestCvs:
    def test_what_a_person_can_do_is_in_the_text_and_little_else(self, world):
        said = known = 0
        for index in range(250):
            someone = person(world, index)
            if not someone.readable:
                continue
            text = f" {plain(write_cv(someone, stream(1, 'cv', index), until=UNTIL))} "
            for number in set(someone.skills) - set(someone.hidden_skills):
                known += 1
                said += any(plain(name) in text for name in names_of(skills()[number]))
        assert said / known > 0.97

    def test_no_two_people_write_the_same(self, applicants):
        texts = [r["cv_pt"] for r in applicants.values() if len(r["cv_pt"]) > 40]
        assert 0.97 * len(texts) < len(set(texts)) < len(texts)  # some registered twice, as in the source

    def test_lines_are_not_of_ten_templates(self, applicants):
        lines = [
            line.strip(" -•\n")
            for r in applicants.values()
            for line in r["cv_pt"].split("\n")
            if len(line) > 40
        ]
        assert len(set(lines)) / len(lines) > 0.6

    def test_some_are_in_english(self, applicants):
        texts = [record["cv_pt"] for record in applicants.values()]
        english = sum(" with " in text and " and " in text for text in texts)
        assert 0.01 < english / len(texts) < 0.08

    def test_every_trade_writes_about_itself(self, world):
        seen = {person(world, index).work.id for index in range(1500)}
        assert len(seen) == len(world.trades) == len(professions())


class TestRepeatability:
    def test_another_process_writes_the_same_bytes(self, made, tmp_path):
        code = (
            "import sys; from pathlib import Path; from jobs.generator.company import Plan, generate;"
            "plan = Plan(candidates=1500, jobs=700, prospects=2600, seed=11, hire_rate=0.07);"
            "generate(plan, Path(sys.argv[1]))"
        )
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=True, env={"PYTHONHASHSEED": "77"}
        )
        for name in ("applicants.json", "vagas.json", "prospects.json"):
            assert (tmp_path / name).read_bytes() == (made[0] / name).read_bytes()

    def test_another_seed_makes_another_company(self, tmp_path):
        for seed in (1, 2):
            (tmp_path / str(seed)).mkdir()
            generate(Plan(candidates=40, jobs=10, prospects=30, seed=seed), tmp_path / str(seed))
        for name in ("applicants.json", "vagas.json", "prospects.json"):
            assert (tmp_path / "1" / name).read_bytes() != (tmp_path / "2" / name).read_bytes()

    def test_gzip_holds_the_same_and_is_repeatable(self, tmp_path):
        small = {"candidates": 40, "jobs": 10, "prospects": 30}
        for name, zipped in (("plain", False), ("a", True), ("b", True)):
            (tmp_path / name).mkdir()
            generate(Plan(**small, gzip=zipped), tmp_path / name)
        first = (tmp_path / "a" / "applicants.json.gz").read_bytes()
        assert first == (tmp_path / "b" / "applicants.json.gz").read_bytes()
        assert gzip.decompress(first) == (tmp_path / "plain" / "applicants.json").read_bytes()

    def test_memory_grows_by_bytes_a_person_not_by_texts(self, tmp_path):
        generate(Plan(candidates=60, jobs=10, prospects=10), tmp_path)  # fills the caches of phrases
        peaks = []
        for people in (300, 1200):
            tracemalloc.start()
            generate(Plan(candidates=people, jobs=60, prospects=120), tmp_path)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert (peaks[1] - peaks[0]) / 900 < 1_000  # about 600; a person's record takes about 3,500 bytes

    def test_an_interrupted_run_leaves_no_half_file(self, tmp_path):
        def stop(what, more, total):
            if what == "applicants":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            generate(Plan(candidates=60, jobs=10, prospects=10), tmp_path, progress=stop)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["prospects.json", "vagas.json"]


class TestParts:
    def test_records_are_encoded_like_json_dumps(self):
        record = {"a": 'x\n"é" \u2028 \\', "b": {}, "c": [], "d": [{"e": ""}, {"f": "g"}], "h": {"i j": "k"}}
        assert encoded(record, 0) == json.dumps(record, indent=1, ensure_ascii=False)

    def test_a_file_without_records_is_an_empty_object(self, tmp_path):
        generate(Plan(candidates=0, jobs=0, prospects=0), tmp_path)
        assert [json.loads(path.read_text()) for path in sorted(tmp_path.iterdir())] == [{}, {}, {}]

    @pytest.mark.parametrize(
        ("jobs", "prospects", "cap"),
        [(10, 0, 25), (10, 250, 25), (60, 700, 25), (3, 5, 2), (1, 1, 25), (900, 3400, 25)],
    )
    def test_sizes_of_jobs_add_up_and_keep_to_the_cap(self, jobs, prospects, cap):
        sizes = job_sizes(4, jobs=jobs, prospects=prospects, cap=cap)
        assert (len(sizes), sum(sizes)) == (jobs, prospects)
        assert 0 <= min(sizes) <= max(sizes) <= cap

    @pytest.mark.parametrize(
        ("wanted", "sentence"),
        [
            ({"candidates": -1}, "negative"),
            ({"prospects": 251}, "at most 25 each, which makes 250"),
            ({"candidates": 4, "prospects": 41}, "at most 4 each"),
            ({"hire_rate": 0.0}, "between 0 and 1"),
            ({"hire_rate": 1.5}, "between 0 and 1"),
            ({"until": date(2525, 1, 1)}, "last day"),
        ],
    )
    def test_impossible_plans_are_refused_in_a_sentence(self, wanted, sentence):
        with pytest.raises(ValueError, match=sentence):
            Plan(**{"candidates": 100, "jobs": 10, "prospects": 20} | wanted)

    def test_auc_counts_ties_half_and_needs_both_classes(self):
        assert auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]) == 0.75
        assert auc([1, 1, 1], [0, 1, 0]) == 0.5
        assert auc([0.2, 0.3], [1, 1]) != auc([0.2, 0.3], [1, 1])
        assert auc_inside([([1, 2], [0, 1]), ([1, 2], [1, 0]), ([1], [1])]) == (0.5, 2)

    def test_all_phrases_are_well_formed(self):
        def walk(value):
            if isinstance(value, dict):
                return [leaf for each in value.values() for leaf in walk(each)]
            return [leaf for each in value for leaf in walk(each)] if isinstance(value, list) else [value]

        for path in PHRASES.glob("*.toml"):
            for leaf in walk(phrase_file(path.stem)):
                if isinstance(leaf, str):
                    assert leaf.count("[") == leaf.count("]")

    def test_a_phrase_takes_one_choice_and_fills_slots(self):
        said = {expand("[a|b {x}|] c[, d|]", stream(1, "p", i), {"x": "y"}) for i in range(80)}
        assert said == {"a c", "a c, d", "b y c", "b y c, d", "c", "c, d"}

    def test_an_unbalanced_phrase_is_refused(self):
        with pytest.raises(ValueError, match="unbalanced"):
            expand("[a|b", stream(1, "p"), {})


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_company_of_make_run_has_enough_hires_to_learn_from(tmp_path, seed):
    plan = {name.replace("-", "_"): value for name, value in DEMO.items()} | {"seed": seed}
    made = generate(Plan(**plan), tmp_path)
    assert 220 <= made.hires <= 350
    assert made.jobs_with_both >= 90
    lists = json.loads((tmp_path / "prospects.json").read_text())
    years = {
        row["data_candidatura"][-4:]
        for record in lists.values()
        for row in record["prospects"]
        if row["situacao_candidado"] in HIRED
    }
    assert len(years) >= 4

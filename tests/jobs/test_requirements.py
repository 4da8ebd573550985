import time
from types import SimpleNamespace

import pytest

from jobs.requirements import (
    Assessment,
    CandidateFacts,
    JobFacts,
    RequirementDraft,
    assess,
    assess_all,
    propose_requirements,
    summary,
)


def skills(**texts):
    return {r.value: r.must for r in propose_requirements(JobFacts(**texts)) if r.kind == "skill"}


def quotes(**texts):
    return {r.value: r.quote for r in propose_requirements(JobFacts(**texts)) if r.kind == "skill"}


def asked(kind, value, must=True):
    return RequirementDraft(kind, value, must, "")


@pytest.mark.parametrize(
    ("sentence", "must"),
    [
        ("Docker obrigatório", True),
        ("Imprescindível conhecimento em Docker", True),
        ("É necessário Docker", True),
        ("Must have Docker", True),
        ("Docker is required", True),
        ("Docker desejável", False),
        ("Será um diferencial conhecer Docker", False),
        ("Docker será um plus", False),
        ("Nice to have: Docker", False),
        ("Preferencialmente com Docker", False),
        ("Docker não obrigatório", False),
        ("Docker is not required", False),
        ("Conhecimento em Docker", True),
    ],
)
def test_the_words_around_a_skill_say_must_or_nice(sentence, must):
    assert skills(competences=sentence) == {"docker": must}


def test_in_one_sentence_the_nearest_word_counts():
    assert skills(competences="Java obrigatório, Angular desejável") == {"java": True, "angular": False}
    assert skills(competences="Desejável Angular, obrigatório Java") == {"angular": False, "java": True}
    assert skills(competences="Java. Desejável: Docker, AWS e Kafka.") == {
        "java": True, "docker": False, "aws": False, "kafka": False,
    }  # fmt: skip


def test_a_heading_speaks_for_the_lines_below_it_until_the_next():
    must, nice = "Requisitos:\n- Java\n\n- Git", "Desejável:\n- Docker\n\n- Conhecimento em nuvem: AWS"
    found = skills(competences=f"{must}\n{nice}\nAtividades:\n- SQL")
    assert found == {"java": True, "git": True, "docker": False, "aws": False, "sql": True}


@pytest.mark.parametrize(
    "heading", ["Conhecimentos desejáveis", "DIFERENCIAIS:", "• Desejáveis", "Nice to have:"]
)
def test_headings_come_with_and_without_a_colon(heading):
    assert skills(competences=f"Java\n{heading}\nDocker") == {"java": True, "docker": False}


def test_a_heading_within_a_line_ends_at_a_blank_line():
    assert skills(competences="Desejável: Docker\nKafka\n\nJava") == {
        "docker": False,
        "kafka": False,
        "java": True,
    }


def test_pay_place_and_benefits_ask_for_nothing():
    assert skills(competences="Java\nBenefícios:\nCursos de Excel\nLocal: Oracle Tower") == {"java": True}


def test_when_necessary_is_said_of_the_work():
    assert skills(activities="Apoiar em Kafka quando necessário") == {"kafka": False}


def test_the_title_asks_even_where_the_text_wavers():
    assert skills(title="Desenvolvedor Java", competences="Desejável Java 11") == {"java": True}


def test_activities_alone_are_nice_unless_repeated_or_asked_among_the_competences():
    activities = "Desenvolver em Java.\nPublicar com Docker.\nManter Java. Consultas SQL."
    assert skills(activities=activities, competences="SQL") == {"sql": True, "java": True, "docker": False}


@pytest.mark.parametrize(
    "told", ["Atuar em projeto de seguros", "Apoio à área de cobrança", "Work on the retail account"]
)
def test_what_tells_of_the_work_asks_for_nothing_where_something_else_is_asked(told):
    found = skills(competences=f"{told}\nExperiência em Java e Spring Boot")
    assert [name for name, must in found.items() if must] == ["java", "spring-boot"]
    assert all(skills(competences=told).values())


def test_a_list_under_a_heading_of_work_tells_of_work_until_the_next_list_of_things():
    text = "Atividades:\nReunião com clientes de varejo\nElaborar relatórios\nJava, Spring Boot e Git"
    assert [name for name, must in skills(competences=text).items() if must] == ["java", "spring-boot", "git"]


def test_a_thing_among_deeds_is_one_of_them():
    deeds = "Acompanhar prazos\nAnálise de riscos\nInteragir com a matriz"
    assert skills(competences=f"{deeds}\nConhecimento em Java") == {"java": True, "risk-management": False}
    assert skills(competences="Excel\nAnálise de riscos\nWord")["risk-management"]


def test_the_client_s_trade_is_not_asked_for():
    only_java = {"java": True, "retail": False}
    assert skills(title="Analista Java no segmento de varejo", competences="Java") == only_java
    assert skills(competences="Java para cliente do ramo de varejo") == only_java
    assert skills(competences="Experiência no segmento de varejo") == {"retail": True}


def test_a_trade_in_the_title_is_asked_for_only_where_the_texts_ask_for_nothing():
    assert skills(title="Desenvolvedor Full Stack Java", competences="Angular") == {
        "java": True,
        "angular": True,
        "full-stack": False,
    }
    assert skills(title="Desenvolvedor Full Stack") == {"full-stack": True}


def test_grades_of_a_list_say_what_is_a_must():
    text = "1 - Java (P3 - Advanced) | 2 - Git (P2 - Intermediate) | 3 - Docker (P1 - Beginner)"
    assert skills(competences=text) == {"java": True, "git": True, "docker": False}


def test_experience_asked_for_among_the_activities_is_asked_for():
    text = "Buscamos analista com Java e Kafka. Docker desejável."
    assert skills(activities=text, competences="Excel") == {
        "excel": True,
        "java": True,
        "kafka": True,
        "docker": False,
    }


def test_competences_without_a_skill_leave_the_asking_to_the_activities():
    assert skills(activities="Java\nSpring Boot", competences="Boa comunicação") == {
        "java": True,
        "spring-boot": True,
    }


def test_competences_copied_from_the_activities_count_once():
    text = "Conhecimento em Java\nDesejável Docker"
    assert skills(activities=text, competences=text + " \n") == skills(competences=text)


def test_remarks_ask_only_in_so_many_words():
    assert skills(remarks="Projeto no prédio da Oracle. Enviar CV em Word ou Excel.") == {}
    assert skills(remarks="Obrigatório: Kafka") == {"kafka": True}


def test_no_more_than_eight_are_musts_and_the_most_prominent_stay():
    names = "Java, Docker, Kafka, Git, Jira, Scrum, Maven, Redis, MongoDB, Jenkins"
    found = skills(title="Analista Jenkins", competences=names + ". MongoDB é obrigatório.")
    musts = [name for name, must in found.items() if must]
    assert len(found) == 10
    assert len(musts) == 8
    assert musts[:2] == ["jenkins", "mongodb"]
    assert [name for name, must in found.items() if not must] == ["maven", "redis"]


def test_sap_beside_a_sap_module_asks_nothing_more():
    assert skills(competences="Experiência em SAP. Módulo SD, projetos SAP.") == {"sap-sd": True}
    assert skills(competences="Java e Spring Boot") == {"java": True, "spring-boot": True}


def test_a_list_of_degrees_is_no_list_of_skills():
    text = "Ensino superior em Comércio Exterior, Marketing ou Logística\nConhecimento em Excel"
    assert skills(competences=text) == {"excel": True}


def test_every_requirement_quotes_its_sentence():
    found = quotes(title="Java", competences="Boa comunicação.\n- Java 8 obrigatório; Docker")
    assert found == {"java": "Java 8 obrigatório", "docker": "Docker"}


def test_the_fields_of_the_job_ask_too_but_none_and_nothing_do_not():
    drafts = propose_requirements(
        JobFacts(
            title="Analista sênior",
            competences="Formação: ensino superior completo\nInglês fluente será um diferencial",
            seniority="senior",
            education="bachelor_complete",
            english="fluent",
            spanish="none",
        )
    )  # fmt: skip
    assert drafts == [
        RequirementDraft("seniority", "senior", True, "Analista sênior"),
        RequirementDraft("education", "bachelor_complete", True, "Formação: ensino superior completo"),
        RequirementDraft("english", "fluent", False, "Inglês fluente será um diferencial"),
    ]
    assert propose_requirements(JobFacts(english="none", spanish="")) == []


def test_a_field_that_the_text_contradicts_is_asked_without_a_quote():
    drafts = propose_requirements(JobFacts(title="Coordenador fiscal", seniority="analyst"))
    assert drafts == [RequirementDraft("seniority", "analyst", True, "")]


@pytest.mark.parametrize(
    "criterion",
    [
        "Sexo masculino", "De preferência mulheres", "Idade entre 25 e 35 anos",
        "Solteiro, sem filhos", "Residir no bairro Centro", "Enviar foto",
        "Evangélico", "Boa aparência", "Ser jovem", "Exclusivo PCD",
    ],
)  # fmt: skip
def test_what_the_law_protects_is_never_asked_nor_quoted(criterion):
    drafts = propose_requirements(
        JobFacts(
            title="Analista", activities=criterion, remarks=f"Obrigatório: {criterion}",
            competences=f"{criterion}, obrigatório Java e inglês avançado\n{criterion}", english="advanced",
        )
    )  # fmt: skip
    assert [(draft.kind, draft.value) for draft in drafts] == [("skill", "java"), ("english", "advanced")]
    assert [draft.quote for draft in drafts] == ["Java", ""]


def test_an_empty_job_asks_for_nothing():
    assert propose_requirements(JobFacts()) == []
    assert propose_requirements(JobFacts(title=" ", activities=".", competences=".", remarks="")) == []


CV = "Resumo.\n• Desenvolvimento em Java com Oracle\n• Inglês avançado\nGraduação em letras, concluída"


def test_a_skill_is_met_with_the_sentence_that_shows_it():
    found = assess(asked("skill", "java"), CandidateFacts(cv_text=CV))
    assert found == Assessment("met", "Desenvolvimento em Java com Oracle")


def test_a_skill_is_met_by_one_that_implies_it():
    assert assess(asked("skill", "sap"), CandidateFacts(headline="Consultor SAP SD")).state == "met"


def test_a_near_substitute_meets_a_skill_partly():
    found = assess(asked("skill", "postgresql"), CandidateFacts(cv_text=CV))
    assert found == Assessment("partly", "Desenvolvimento em Java com Oracle")


def test_a_text_without_the_skill_does_not_meet_it():
    assert assess(asked("skill", "kafka"), CandidateFacts(cv_text=CV)) == Assessment("not_met")


@pytest.mark.parametrize("kind", ["skill", "seniority", "education", "english", "spanish"])
def test_nothing_known_is_no_data_and_no_refusal(kind):
    value = {"skill": "java", "seniority": "senior", "education": "bachelor_complete"}.get(kind, "basic")
    assert assess(asked(kind, value), CandidateFacts()).state == "no_data"
    stub = CandidateFacts(has_profile=False, cv_text=CV, seniority="senior", english="fluent")
    assert assess(asked(kind, value), stub).state == "no_data"


def test_skills_stored_with_the_candidate_count_without_a_quote():
    assert assess(asked("skill", "kafka"), CandidateFacts(skills=["kafka"])) == Assessment("met")


def test_an_unknown_skill_is_not_met():
    assert assess(asked("skill", "gone-since"), CandidateFacts(cv_text=CV)).state == "not_met"


@pytest.mark.parametrize(
    ("wanted", "has", "state"),
    [
        ("senior", "senior", "met"),
        ("senior", "manager", "met"),
        ("senior", "mid", "partly"),
        ("senior", "analyst", "partly"),
        ("senior", "junior", "not_met"),
        ("junior", "intern", "not_met"),
        ("senior", "other", "no_data"),
        ("senior", "", "no_data"),
    ],
)
def test_seniority_is_compared_by_rungs(wanted, has, state):
    assert assess(asked("seniority", wanted), CandidateFacts(seniority=has)).state == state


@pytest.mark.parametrize(
    ("wanted", "has", "state"),
    [
        ("bachelor_complete", "bachelor_complete", "met"),
        ("bachelor_complete", "technologist_complete", "met"),
        ("bachelor_complete", "postgraduate_incomplete", "met"),
        ("bachelor_complete", "bachelor_ongoing", "partly"),
        ("bachelor_complete", "technical_complete", "partly"),
        ("bachelor_complete", "secondary_complete", "not_met"),
        ("bachelor_ongoing", "bachelor_complete", "met"),
        ("bachelor_ongoing", "bachelor_incomplete", "partly"),
        ("secondary_complete", "primary_complete", "partly"),
        ("secondary_complete", "bachelor_incomplete", "met"),
        ("master_complete", "bachelor_complete", "not_met"),
        ("bachelor_complete", "", "no_data"),
    ],
)
def test_schooling_is_compared_by_rungs_and_states(wanted, has, state):
    assert assess(asked("education", wanted), CandidateFacts(education=has)).state == state


@pytest.mark.parametrize(
    ("wanted", "has", "state"),
    [
        ("advanced", "fluent", "met"),
        ("advanced", "advanced", "met"),
        ("advanced", "intermediate", "partly"),
        ("advanced", "basic", "not_met"),
        ("basic", "technical", "met"),
        ("basic", "none", "partly"),
        ("fluent", "none", "not_met"),
        ("basic", "", "no_data"),
    ],
)
@pytest.mark.parametrize("language", ["english", "spanish"])
def test_languages_are_compared_by_level(language, wanted, has, state):
    assert assess(asked(language, wanted), CandidateFacts(**{language: has})).state == state


def test_what_no_field_says_is_read_from_the_cv():
    facts = CandidateFacts(cv_text=CV, headline="Analista pleno")
    requirements = [
        asked("english", "advanced"),
        asked("education", "bachelor_complete"),
        asked("seniority", "mid"),
    ]
    assert assess_all(requirements, facts) == [
        Assessment("met", "Inglês avançado"),
        Assessment("met", "Graduação em letras, concluída"),
        Assessment("met", "Analista pleno"),
    ]


def test_a_field_comes_before_the_cv_and_a_cv_that_disagrees_is_not_quoted():
    assert assess(asked("english", "advanced"), CandidateFacts(cv_text=CV, english="basic")) == Assessment(
        "not_met"
    )


def test_a_stored_row_is_assessed_like_a_draft():
    row = SimpleNamespace(kind="skill", value="java", must=True, pk=7)
    assert assess(row, CandidateFacts(cv_text=CV)).state == "met"


def test_the_summary_counts_what_is_met_in_full():
    requirements = [
        asked("skill", "java"),
        asked("skill", "postgresql"),
        asked("skill", "oracle", must=False),
    ]
    found = summary(requirements, assess_all(requirements, CandidateFacts(cv_text=CV)))
    assert (found.must_met, found.must_total, found.nice_met, found.nice_total) == (1, 2, 1, 1)
    assert summary([], []).must_total == 0


def test_assessments_of_other_requirements_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        summary([asked("skill", "java")], [])


def test_a_long_text_without_any_pause_is_read_in_time_that_grows_with_its_length():
    started = time.process_time()
    assert skills(competences="python " * 200_000) == {"python": True}
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    "heading", ["Perfil desejado", "Perfil desejado:", "Perfil do profissional desejado:"]
)
def test_the_desired_profile_is_what_is_asked_for(heading):
    drafts = propose_requirements(JobFacts(competences=f"{heading}\n- Java\n- Kafka\nDesejáveis\n- Docker"))

    assert {draft.value: draft.must for draft in drafts} == {"java": True, "kafka": True, "docker": False}


@pytest.mark.parametrize(
    ("sentence", "must", "nice"),
    [
        ("Com domínio de Java, Kafka, desejável Docker e Jira", {"java", "kafka"}, {"docker", "jira"}),
        ("Com domínio de Java, Kafka, diferencial: Docker", {"java", "kafka"}, {"docker"}),
        ("Kafka desejável, Java obrigatório", {"java"}, {"kafka"}),
        ("Java obrigatório, Docker desejável", {"java"}, {"docker"}),
    ],
)
def test_a_word_that_opens_a_clause_speaks_of_what_follows(sentence, must, nice):
    drafts = propose_requirements(JobFacts(competences=sentence))

    assert {draft.value for draft in drafts if draft.must} == must
    assert {draft.value for draft in drafts if not draft.must} == nice

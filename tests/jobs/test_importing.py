import datetime
import json
from collections import Counter
from decimal import Decimal

import pytest

from candidates import importing_records as records
from candidates.importing_records import BadRecord, Tally
from candidates.importing_source import SourceRecord
from candidates.importing_values import fold
from jobs import importing_prospects as prospects
from jobs.importing import read_job
from jobs.models import Job, Outcome, Stage

HIRED8 = {
    "Contratado pela Decision",
    "Contratado como Hunting",
    "Aprovado",
    "Proposta Aceita",
    "Encaminhar Proposta",
    "Documentação PJ",
    "Documentação CLT",
    "Documentação Cooperado",
}


def job_record(basics=None, profile=None, **rest):
    return {
        "informacoes_basicas": {"titulo_vaga": "Desenvolvedor Java", "data_requicisao": "10-03-2021"}
        | (basics or {}),
        "perfil_vaga": {"nivel profissional": "Sênior"} | (profile or {}),
        "beneficios": {"valor_venda": "-"},
        **rest,
    }


def read(content, key="5185", notes=None):
    return read_job(SourceRecord(key, 1, content), Counter() if notes is None else notes)


def test_a_full_job_is_understood():
    row = read(
        job_record(
            basics={
                "limite_esperado_para_contratacao": "20-04-2021",
                "vaga_sap": "Sim",
                "cliente": "Morris, Moran and Dodson",
                "tipo_contratacao": "PJ/Autônomo, CLT Full",
                "objetivo_vaga": "Contratação",
                "prioridade_vaga": "Média: Média complexidade 6 a 10 dias",
                "origem_vaga": "Substituição",
            },
            profile={
                "pais": "Brasil",
                "estado": "Espirito Santo",
                "cidade": "Vitória",
                "vaga_especifica_para_pcd": "Sim",
                "nivel_academico": "Ensino Superior Completo",
                "nivel_ingles": "Técnico",
                "nivel_espanhol": "Nenhum",
                "outro_idioma": "Português Fluente",
                "areas_atuacao": "Gestão e Alocação de Recursos de TI-TI - SAP-",
                "principais_atividades": "Desenvolver\nsistemas",
                "competencia_tecnicas_e_comportamentais": "Java",
                "demais_observacoes": "Remoto",
                "habilidades_comportamentais_necessarias": "Comunicação",
            },
        )
    )
    assert (row.code, row.title, row.client) == ("5185", "Desenvolvedor Java", "Morris, Moran and Dodson")
    assert row.requested_on == datetime.date(2021, 3, 10)
    assert row.deadline_on == datetime.date(2021, 4, 20)
    assert (row.country, row.city, row.state) == ("Brasil", "Vitória", "Espírito Santo")
    assert (row.seniority, row.education, row.english, row.spanish) == (
        "senior",
        "bachelor_complete",
        "technical",
        "none",
    )
    assert row.area_labels == ["Gestão e Alocação de Recursos de TI", "TI - SAP"]
    assert row.contract_types == ["clt", "pj"]
    assert (row.sap, row.reserved_for_disabled) == (True, True)
    assert (row.priority, row.origin, row.purpose) == ("medium", "replacement", "Contratação")
    assert (row.activities, row.competences, row.remarks) == (
        "Desenvolver\nsistemas",
        "Java",
        "Remoto\n\nComunicação",
    )
    assert row.other_language == "Português Fluente"
    assert json.loads(row.raw)["beneficios"] == {"valor_venda": "-"}


def test_a_bare_job_is_empty_everywhere_else():
    row = read({"informacoes_basicas": {}, "perfil_vaga": {}, "beneficios": {}})
    assert (row.title, row.requested_on, row.area_labels, row.contract_types) == ("", None, [], [])
    assert (row.sap, row.reserved_for_disabled) == (False, False)


def test_pay_is_what_work_is_bought_for_never_what_it_is_sold_for():
    prices = {
        "valor_venda": "150,00 - p/ hora",
        "valor_compra_1": "até 90,00/hora",
        "valor_compra_2": "R$ 99.000",
    }
    assert read(job_record() | {"beneficios": prices}).salary_monthly == Decimal("15120.00")
    assert read(job_record() | {"beneficios": prices | {"valor_compra_1": "Fechado"}}).salary_monthly is None


def test_a_budget_in_the_remarks_is_pay_one_in_the_descriptions_is_not():
    remarks = read(job_record(profile={"demais_observacoes": "Remoto\nSalário até R$ 8.300,00"}))
    skills = read(job_record(profile={"habilidades_comportamentais_necessarias": "Rate: R$ 75,00/h"}))
    work = read(job_record(profile={"principais_atividades": "Pagamento R$ 5.000,00, início imediato"}))
    assert remarks.salary_monthly == 8300
    assert skills.salary_monthly == 12600
    assert work.salary_monthly is None


@pytest.mark.parametrize("text", ["", "00-00-0000", "01-01-1970", "30-11-0001"])
def test_null_dates_of_jobs_are_missing_without_a_word(text):
    notes = Counter()
    assert read(job_record({"limite_esperado_para_contratacao": text}), notes=notes).deadline_on is None
    assert not notes


def test_a_lone_dot_is_no_text():
    assert read(job_record(profile={"principais_atividades": "."})).activities == ""


def test_a_long_title_is_cut_and_whole_in_the_raw_record():
    row = read(job_record({"titulo_vaga": "Analista " * 60}))
    assert len(row.title) <= Job._meta.get_field("title").max_length
    assert "Analista " * 60 in row.raw


def test_an_applicant_among_jobs_is_rejected():
    with pytest.raises(BadRecord) as caught:
        read({"infos_basicas": {}})
    assert caught.value.reason == records.OTHER_KIND


# Prospects


def entry(**values):
    return {
        "nome": "Ana Pereira",
        "codigo": "31000",
        "situacao_candidado": "Encaminhado ao Requisitante",
        "data_candidatura": "25-03-2021",
        "ultima_atualizacao": "",
        "comentario": "",
        "recrutador": "Rita",
    } | values


def test_there_are_21_statuses_and_the_hired_ones_are_the_eight():
    assert len(prospects.STATUSES) == 21
    hired = {status for status, (_, outcome) in prospects.STATUSES.items() if outcome == Outcome.HIRED}
    assert hired == HIRED8


@pytest.mark.parametrize(
    ("status", "stage", "outcome"),
    [
        ("Prospect", Stage.SOURCED, Outcome.IN_FLIGHT),
        ("Inscrito", Stage.APPLIED, Outcome.IN_FLIGHT),
        ("Em avaliação pelo RH", Stage.SCREENING, Outcome.IN_FLIGHT),
        ("Encaminhado ao Requisitante", Stage.SUBMITTED, Outcome.IN_FLIGHT),
        ("Entrevista Técnica", Stage.TECHNICAL_INTERVIEW, Outcome.IN_FLIGHT),
        ("Entrevista com Cliente", Stage.CLIENT_INTERVIEW, Outcome.IN_FLIGHT),
        ("Aprovado", Stage.OFFER, Outcome.HIRED),
        ("Contratado como Hunting", Stage.HIRED, Outcome.HIRED),
        ("Não Aprovado pelo Cliente", Stage.REJECTED, Outcome.REJECTED),
        ("Recusado", Stage.REJECTED, Outcome.REJECTED),
        ("Desistiu da Contratação", Stage.WITHDRAWN, Outcome.WITHDREW),
        ("Sem interesse nesta vaga", Stage.WITHDRAWN, Outcome.WITHDREW),
        ("  não aprovado pelo cliente ", Stage.REJECTED, Outcome.REJECTED),
    ],
)
def test_a_status_gives_stage_and_outcome(status, stage, outcome):
    row = prospects.read_application("5185", entry(situacao_candidado=status), Counter())
    assert (row.stage, row.outcome) == (stage, outcome)
    assert fold(row.source_status) == fold(status)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("", prospects.NO_STATUS),
        ("Quase Aprovado", prospects.UNKNOWN_STATUS),
        ("Aprovado por todos", prospects.UNKNOWN_STATUS),
    ],
)
def test_a_status_outside_the_closed_set_is_rejected_without_quoting_it(status, reason):
    with pytest.raises(BadRecord) as caught:
        prospects.read_application("5185", entry(situacao_candidado=status), Counter())
    assert (caught.value.reason, caught.value.field) == (reason, "situacao_candidado")


def test_a_good_entry_is_read():
    row = prospects.read_application("5185", entry(codigo=31000, ultima_atualizacao="30-03-2021"), Counter())
    assert (row.job_code, row.candidate_code, row.candidate_name) == ("5185", "31000", "Ana Pereira")
    assert row.applied_on == datetime.date(2021, 3, 25)
    assert row.updated_on == datetime.date(2021, 3, 30)
    assert row.recruiter == "Rita"


def test_broken_entries_are_counted_under_their_job_and_the_others_go_on():
    tally = Tally()
    entries = [
        entry(),
        "text",
        entry(codigo=""),
        entry(codigo="31001", situacao_candidado="?"),
        entry(codigo="7"),
    ]
    rows = list(prospects.read_applications(SourceRecord("5185", 1, {}), "5185", entries, tally))
    assert [row.candidate_code for row in rows] == ["31000", "7"]
    assert (tally.read, tally.rejected) == (5, 3)
    assert [(one.key, one.reason) for one in tally.rejections] == [
        ("5185/#2", records.NOT_AN_OBJECT),
        ("5185/#3", records.NO_CODE),
        ("5185/31001", prospects.UNKNOWN_STATUS),
    ]


def test_the_head_of_a_list_gives_title_and_modality():
    content = {"titulo": "Java", "modalidade": "CLT", "prospects": [entry()]}
    header, entries = prospects.read_header(SourceRecord("5185", 1, content))
    assert header == prospects.JobHeader("5185", "Java", "CLT")
    assert len(entries) == 1


def test_an_empty_list_is_a_job_without_prospects():
    for empty in ([], None):
        content = {"titulo": "Java", "modalidade": "", "prospects": empty}
        assert prospects.read_header(SourceRecord("5185", 1, content))[1] == []


def test_a_list_that_is_none_is_rejected():
    with pytest.raises(BadRecord) as caught:
        prospects.read_header(SourceRecord("5185", 1, {"titulo": "Java", "prospects": {"a": 1}}))
    assert (caught.value.reason, caught.value.field) == (prospects.NOT_A_LIST, "prospects")

import re

import numpy as np
import pytest

from scoring.ml.features import SYSTEM_B_FEATURES
from scoring.ml.system_b import system_b_features
from tests.scoring.ml.frames import candidates

SPECIFIED = """
tem_email, tem_telefone, tem_linkedin, tem_local, tem_objetivo, email_corporativo, salario_valor,
ingl_nenhum, ingl_basico, ingl_intermediario, ingl_avancado, ingl_outro, esp_nenhum, esp_basico,
esp_intermediario, esp_avancado, esp_outro, outro_idioma_presente, esc_pos, esc_tecnologo,
esc_medio, esc_superior_completo, esc_superior_incompleto, area_admin, area_ti, area_financeiro,
titulo_admin, titulo_ti, titulo_dados_bi, titulo_financeiro, cert_mos_word, cert_mos_excel,
cert_mos_outlook, cert_mos_powerpoint, cert_sap_fi, has_cert, cv_excel_avancado, cv_kpi,
cv_controladoria, cv_contabil, cv_financeiro, cv_administrativo, cv_sap, cv_protheus, cv_navision,
cv_tamanho_maior_1500
"""


def test_the_46_names_are_kept_in_their_order():
    assert tuple(re.findall(r"\w+", SPECIFIED)) == SYSTEM_B_FEATURES
    assert len(SYSTEM_B_FEATURES) == 46


def value(feature, **facts):
    return float(system_b_features(candidates(facts))[0, SYSTEM_B_FEATURES.index(feature)])


CASES = [
    ("tem_email", "email", "ana@gmail.com", 1),
    ("tem_email", "email", "nan", 0),
    ("tem_email", "email", "  ", 0),
    ("tem_telefone", "phone", "(11) 9", 1),
    ("tem_telefone", "phone", "( ) -", 0),
    ("tem_linkedin", "linkedin_url", "", 0),
    ("tem_linkedin", "linkedin_url", "None", 0),
    ("tem_linkedin", "linkedin_url", "linkedin.com/in/x", 1),
    ("tem_local", "city", "Recife", 1),
    ("tem_local", "state", "São Paulo", 1),
    ("tem_local", "city", "", 0),
    ("tem_objetivo", "headline", "Analista", 1),
    ("tem_objetivo", "headline", "", 0),
    ("email_corporativo", "email", "ana@empresa.com.br", 1),
    ("email_corporativo", "email", "ANA@GMAIL.COM", 0),
    ("email_corporativo", "email", "a@b@uol.com.br", 0),
    ("email_corporativo", "email", "sem arroba", 0),
    ("email_corporativo", "email", "ana@", 0),
    ("email_corporativo", "email", "ana@notgmail.com", 1),
    ("salario_valor", "salary_monthly", 2500.0, 2500),
    ("ingl_nenhum", "english", "", 1),
    ("ingl_nenhum", "english", "none", 1),
    ("ingl_outro", "english", "", 0),
    ("ingl_basico", "english", "basic", 1),
    ("ingl_intermediario", "english", "intermediate", 1),
    ("ingl_avancado", "english", "advanced", 1),
    ("ingl_outro", "english", "fluent", 1),
    ("ingl_outro", "english", "technical", 1),
    ("ingl_nenhum", "english", "fluent", 0),
    ("esp_nenhum", "spanish", "", 1),
    ("esp_basico", "spanish", "basic", 1),
    ("esp_intermediario", "spanish", "intermediate", 1),
    ("esp_avancado", "spanish", "advanced", 1),
    ("esp_outro", "spanish", "fluent", 1),
    ("outro_idioma_presente", "other_language", "Francês - Básico", 1),
    ("outro_idioma_presente", "other_language", "-", 0),
    ("outro_idioma_presente", "other_language", "", 0),
    ("esc_pos", "education", "postgraduate_ongoing", 1),
    ("esc_pos", "education", "master_complete", 0),
    ("esc_tecnologo", "education", "technologist_complete", 1),
    ("esc_medio", "education", "secondary_complete", 1),
    ("esc_medio", "education", "technical_complete", 0),
    ("esc_superior_completo", "education", "bachelor_complete", 1),
    ("esc_superior_completo", "education", "bachelor_ongoing", 0),
    ("esc_superior_incompleto", "education", "bachelor_incomplete", 1),
    ("esc_superior_incompleto", "education", "bachelor_ongoing", 0),
    ("area_admin", "area_labels", ["Administrativa"], 1),
    ("area_ti", "area_labels", ["Administrativa"], 0),
    ("area_ti", "area_labels", ["Relacionamento Técnico", "Marketing", "Novos Negócios e Parcerias"], 0),
    ("area_ti", "area_labels", ["TI - Suporte"], 1),
    ("area_ti", "area_labels", ["Gestão e Alocação de Recursos de TI"], 1),
    ("area_financeiro", "area_labels", ["Financeira/Controladoria"], 1),
    ("area_financeiro", "area_labels", ["Comercial"], 0),
    ("titulo_admin", "headline", "Assistente Administrativo", 1),
    ("titulo_admin", "headline", "Analista de Sistemas", 1),
    ("titulo_admin", "headline", "Psicanalista", 0),
    ("titulo_ti", "headline", "Administrativa, Gestão e Logística", 0),
    ("titulo_ti", "headline", "Gerente de TI", 1),
    ("titulo_ti", "headline", "Analista de T.I", 1),
    ("titulo_dados_bi", "headline", "Desenvolvedor Mobile", 0),
    ("titulo_dados_bi", "headline", "Bibliotecária e Biologia", 0),
    ("titulo_dados_bi", "headline", "Analista de BI", 1),
    ("titulo_dados_bi", "headline", "Engenheiro de Dados", 1),
    ("titulo_financeiro", "headline", "Analista Financeiro", 1),
    ("titulo_financeiro", "headline", "Finance Manager", 1),
    ("titulo_financeiro", "headline", "Refinanceamento", 0),
    ("cert_mos_word", "certifications", "MS [77-418] MOS: Microsoft Office Word 2013", 1),
    ("cert_mos_word", "certifications", "77-4180 e 177-418", 0),
    ("cert_mos_excel", "certifications", "77-420", 1),
    ("cert_mos_outlook", "other_certifications", "77-423", 1),
    ("cert_mos_powerpoint", "certifications", "77-422", 1),
    ("cert_sap_fi", "certifications", "SAP FI", 1),
    ("cert_sap_fi", "certifications", "SAPFI", 1),
    ("cert_sap_fi", "certifications", "SAP Fiori", 0),
    ("has_cert", "certifications", "", 0),
    ("has_cert", "certifications", " ", 0),
    ("has_cert", "other_certifications", "ITIL", 1),
    ("cv_excel_avancado", "cv_text", "Excel\n Avançado", 1),
    ("cv_excel_avancado", "cv_text", "excel básico e avançado", 0),
    ("cv_excel_avancado", "cv_text", "excel avancados", 0),
    ("cv_kpi", "cv_text", "KPIs mensais", 1),
    ("cv_kpi", "technical_knowledge", "kpi", 1),
    ("cv_kpi", "cv_text", "wkpi", 0),
    ("cv_controladoria", "cv_text", "controladoria", 1),
    ("cv_contabil", "cv_text", "Contábil", 1),
    ("cv_contabil", "cv_text", "incontável", 0),
    ("cv_financeiro", "cv_text", "área financeira", 1),
    ("cv_administrativo", "cv_text", "administração", 1),
    ("cv_sap", "cv_text", "módulos SAP/MM", 1),
    ("cv_sap", "cv_text", "whatsapp e sapato", 0),
    ("cv_protheus", "cv_text", "Protheus", 1),
    ("cv_navision", "cv_text", "MS Navision", 1),
    ("cv_tamanho_maior_1500", "cv_text", "á" * 1501, 1),
    ("cv_tamanho_maior_1500", "cv_text", "á" * 1500 + " " * 50, 0),
]


@pytest.mark.parametrize(("feature", "column", "given", "expected"), CASES)
def test_each_feature_means_what_was_intended(feature, column, given, expected):
    assert value(feature, **{column: given}) == expected


def test_every_feature_is_tried():
    assert {case[0] for case in CASES} == set(SYSTEM_B_FEATURES)


@pytest.mark.parametrize("salary", [float("nan"), 0.0, -10.0])
def test_an_unknown_salary_is_not_a_number(salary):
    assert np.isnan(value("salario_valor", salary_monthly=salary))


@pytest.mark.parametrize(("column", "prefix"), [("english", "ingl_"), ("spanish", "esp_")])
@pytest.mark.parametrize("level", ["", "none", "basic", "technical", "intermediate", "advanced", "fluent"])
def test_exactly_one_level_of_a_language_is_set(column, prefix, level):
    row = system_b_features(candidates({column: level}))[0]
    assert sum(row[at] for at, name in enumerate(SYSTEM_B_FEATURES) if name.startswith(prefix)) == 1


def test_of_a_stub_nothing_is_known():
    stub = {"has_profile": False, "email": "a@b.c", "cv_text": "sap", "salary_monthly": 9.0}
    assert np.isnan(system_b_features(candidates(stub))).all()


def test_of_a_profile_only_the_salary_may_be_unknown():
    row = system_b_features(candidates({}))[0]
    assert [name for name, known in zip(SYSTEM_B_FEATURES, ~np.isnan(row), strict=True) if not known] == [
        "salario_valor"
    ]

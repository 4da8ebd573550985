"""Feature names that are needed without any numerical library: the replaced hiring model's 46, in its order,
and the topics."""

from typing import Final

SYSTEM_B_FEATURES: Final[tuple[str, ...]] = (
    "tem_email",
    "tem_telefone",
    "tem_linkedin",
    "tem_local",
    "tem_objetivo",
    "email_corporativo",
    "salario_valor",
    "ingl_nenhum",
    "ingl_basico",
    "ingl_intermediario",
    "ingl_avancado",
    "ingl_outro",
    "esp_nenhum",
    "esp_basico",
    "esp_intermediario",
    "esp_avancado",
    "esp_outro",
    "outro_idioma_presente",
    "esc_pos",
    "esc_tecnologo",
    "esc_medio",
    "esc_superior_completo",
    "esc_superior_incompleto",
    "area_admin",
    "area_ti",
    "area_financeiro",
    "titulo_admin",
    "titulo_ti",
    "titulo_dados_bi",
    "titulo_financeiro",
    "cert_mos_word",
    "cert_mos_excel",
    "cert_mos_outlook",
    "cert_mos_powerpoint",
    "cert_sap_fi",
    "has_cert",
    "cv_excel_avancado",
    "cv_kpi",
    "cv_controladoria",
    "cv_contabil",
    "cv_financeiro",
    "cv_administrativo",
    "cv_sap",
    "cv_protheus",
    "cv_navision",
    "cv_tamanho_maior_1500",
)

# All others are 0 or 1
SYSTEM_B_NUMBERS: Final = frozenset({"salario_valor"})

# How many topics each text is projected on (scoring/ml/topics.py), the replaced matching model's numbers
TOPIC_COUNTS: Final = {"cv": 30, "job": 30, "headline": 15, "title": 15}
TOPIC_FEATURES: Final[tuple[str, ...]] = tuple(
    f"topic_{text}_{number:02}" for text, count in TOPIC_COUNTS.items() for number in range(count)
)

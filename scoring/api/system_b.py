"""What clients of system B send: the names of its 46 features, in its order.

Written out here so that the schema of a request needs no numerical library; the same as
``scoring.ml.features.SYSTEM_B_FEATURES``, which a test holds.
"""

from typing import Final

NUMBERS: Final = frozenset({"salario_valor"})
FEATURES: Final[tuple[str, ...]] = (
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

"""What the judged features are called on a page; the names are system B's (docs/api.md)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FEATURE_LABELS: dict[str, Promise] = {
    "score": _("Score"),
    "tem_email": _("Gives an e-mail address"),
    "tem_telefone": _("Gives a phone number"),
    "tem_linkedin": _("Gives a LinkedIn address"),
    "tem_local": _("Gives a place"),
    "tem_objetivo": _("Has a headline"),
    "email_corporativo": _("Company e-mail address"),
    "salario_valor": _("Salary wish"),
    "ingl_nenhum": _("English: none"),
    "ingl_basico": _("English: basic"),
    "ingl_intermediario": _("English: intermediate"),
    "ingl_avancado": _("English: advanced"),
    "ingl_outro": _("English: other"),
    "esp_nenhum": _("Spanish: none"),
    "esp_basico": _("Spanish: basic"),
    "esp_intermediario": _("Spanish: intermediate"),
    "esp_avancado": _("Spanish: advanced"),
    "esp_outro": _("Spanish: other"),
    "outro_idioma_presente": _("Speaks another language"),
    "esc_pos": _("Education: postgraduate"),
    "esc_tecnologo": _("Education: technologist"),
    "esc_medio": _("Education: secondary school"),
    "esc_superior_completo": _("Education: degree, complete"),
    "esc_superior_incompleto": _("Education: degree, incomplete"),
    "area_admin": _("Area: administration"),
    "area_ti": _("Area: IT"),
    "area_financeiro": _("Area: finance"),
    "titulo_admin": _("Title: administration"),
    "titulo_ti": _("Title: IT"),
    "titulo_dados_bi": _("Title: data or BI"),
    "titulo_financeiro": _("Title: finance"),
    "cert_mos_word": _("Certificate: Word"),
    "cert_mos_excel": _("Certificate: Excel"),
    "cert_mos_outlook": _("Certificate: Outlook"),
    "cert_mos_powerpoint": _("Certificate: PowerPoint"),
    "cert_sap_fi": _("Certificate: SAP FI"),
    "has_cert": _("Has a certificate"),
    "cv_excel_avancado": _("CV names advanced Excel"),
    "cv_kpi": _("CV names KPIs"),
    "cv_controladoria": _("CV names controlling"),
    "cv_contabil": _("CV names accounting"),
    "cv_financeiro": _("CV names finance"),
    "cv_administrativo": _("CV names administration"),
    "cv_sap": _("CV names SAP"),
    "cv_protheus": _("CV names Protheus"),
    "cv_navision": _("CV names Navision"),
    "cv_tamanho_maior_1500": _("CV longer than 1,500 characters"),
}


def feature_label(name: str) -> str | Promise:
    return FEATURE_LABELS.get(name, name)

import csv
import random
from collections import Counter

import pytest

from candidates import skills
from candidates.folding import fold, fold_characters, fold_phrase
from candidates.skills import all_skills, find_skills, skill, skill_ids

SYSTEM_A = {
    "sap": "sap", "python": "python", "c#": "csharp", "java": "java", "selenium": "selenium",
    "cypress": "cypress", "jenkins": "jenkins", "aws": "aws", "ruby": "ruby", "appium": "appium",
    "cucumber": "cucumber", "vb.net": "vb-net", "sql": "sql", "git": "git", "maven": "maven",
    "jira": "jira", "scrum": "scrum", "kanban": "kanban", "power bi": "power-bi",
    "docker": "docker", "oracle": "oracle", ".net": "dotnet", "react": "react",
    "angular": "angular", "peoplesoft": "peoplesoft", "abap": "abap",
}  # fmt: skip


def named(text):
    return [(match.skill, text[match.start : match.end]) for match in find_skills(text)]


def ids(text):
    return [match.skill for match in find_skills(text)]


def rows():
    with skills.SKILLS_FILE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize(("name", "expected"), SYSTEM_A.items())
def test_it_knows_every_skill_of_system_a(name, expected):
    assert ids(f"Experiência com {name.upper()}, desejável.") == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "digital", "javascripting", "sapato", "oraclelike", "gitano", "scrumptious", "mavenir", "reactivo",
        "javali", "fale com java@empresa.com", "veja www.oracle.com.br", "c.v. em anexo", "R$ 5.000,00",
        "R. das Flores, 10", "Sr. Analista", "C&A Modas", "reporte ao líder técnico",
        "ensure compliance with internal standards",
    ],
)  # fmt: skip
def test_it_finds_nothing_inside_other_words_addresses_and_amounts(text):
    assert named(text) == []


def test_javascript_is_not_java():
    assert named("JavaScript e Java") == [("javascript", "JavaScript"), ("java", "Java")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C#, C++ e .NET", ["csharp", "cpp", "dotnet"]),
        ("C#/.NET/ASP.NET", ["csharp", "dotnet", "asp-net"]),
        ("(c++)", ["cpp"]),
        ("Node.js.", ["node-js"]),
        ("nodejs; node js; NODE.JS", ["node-js"] * 3),
        ("c sharp, dot net, dotnet", ["csharp", "dotnet", "dotnet"]),
        ("powerbi / Power-BI / power  bi", ["power-bi"] * 3),
        ("PL/SQL plsql pl-sql", ["plsql"] * 3),
        ("MS-Project e ms project", ["ms-project"] * 2),
        ("linguagem C/C++", ["c", "cpp"]),
        ("S/4HANA, S4 HANA, SAP S/4 Hana", ["sap-s4hana"] * 3),
        ("SAP HANA", ["sap-hana"]),
        ("go-live em março", ["go-live"]),
        ("linguagem C#", ["csharp"]),
        ("Sales Cloud, LWC e Apex", ["sales-cloud", "lightning", "salesforce-apex"]),
        ("entrevistas por competência, Gupy", ["interviewing", "gupy"]),
        (
            "testes manuais, plano de testes, testes de regressão",
            ["manual-testing", "test-planning", "regression-testing"],
        ),
        ("gestão de incidentes, GMUD e SLA", ["incident-management", "change-management"]),
        ("redes TCP/IP e MPLS", ["tcp-ip", "mpls"]),
        ("formatação de máquinas e configuração de impressoras", ["machine-imaging", "printers"]),
        ("contas a pagar e receber", ["accounts-payable", "accounts-receivable"]),
        ("Excel avançado", ["excel-advanced"]),
        ("sql server", ["sql-server"]),
        ("java;python|docker•git", ["java", "python", "docker", "git"]),
    ],
)
def test_it_understands_the_spellings_of_the_trade(text, expected):
    assert ids(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Python, R e SQL", ["python", "r", "sql"]),
        ("linguagem R", ["r"]),
        ("Rua R, casa 5", []),
        ("golang (go) e python", ["go", "go", "python"]),
        ("let it go", []),
        ("Consultor SAP FI/CO, MM e SD", ["sap-fi", "sap-co", "sap-mm", "sap-sd"]),
        ("módulo SD", ["sap-sd"]),
        ("10 mm de chuva", []),
        ("reunião às 5 pm, SAP às 6 pm", ["sap"]),
        ("API Rest e Soap", ["api-rest", "soap"]),
        ("rest and relax", []),
        ("Java com Spring e Hibernate", ["java", "spring", "hibernate"]),
        ("spring is the best season", []),
        ("Word, Excel e Access", ["word", "excel", "access"]),
        ("a man of his word, with access to data", []),
        ("SAS, SPSS e Python", ["sas", "spss", "python"]),
        ("Empresa XYZ S.A.S. SAS", []),
        ("iOS com Swift", ["ios", "swift"]),
        ("c e r t i f i c a d o s de python", ["python"]),
    ],
)
def test_an_ambiguous_name_needs_its_context(text, expected):
    assert ids(text) == expected


def test_case_accents_and_loose_accents_make_no_difference():
    assert ids("CONTROLE DE ESTOQUE") == ["inventory"]
    assert ids("LOGÍSTICA") == ids("logistica") == ids("logi\u0301stica") == ["logistics"]


def test_a_phrase_goes_on_over_a_line_end_but_not_over_a_paragraph():
    assert ids("folha de\npagamento") == ["payroll"]
    assert ids("folha de\n\npagamento") == []


@pytest.mark.parametrize("blank", ["   ", "\t ", "\u00a0 ", " \u200b", "\r\n"])
def test_places_are_those_of_the_original_whatever_blanks_stand_in_it(blank):
    text = f"gesta\u0303o{blank}de{blank}projetos,{blank}SQL{blank}Server e Docker"
    found = named(text)
    assert [name for name, _ in found] == ["project-management", "sql-server", "docker"]
    assert found[1][1].split()[0].startswith("SQL")
    assert found[2][1] == "Docker"


def test_a_capital_that_grows_in_lower_case_moves_nothing():
    assert named("İİİ Java") == [("java", "Java")]


def test_matches_come_in_order_never_overlap_and_lie_within_the_text():
    rng = random.Random(7)
    pieces = [row["aliases"].split("|")[0].removeprefix("?") for row in rows()]
    pieces += ["e", ",", "\n", "  ", "São", "İ", "a\u0301", "R$", "—", "•", "😀", ""]
    for _ in range(200):
        text = rng.choice(["", " "]).join(rng.choices(pieces, k=40))
        end = 0
        for match in find_skills(text):
            assert end <= match.start < match.end <= len(text)
            assert not text[match.start].isspace()
            assert not text[match.end - 1].isspace()
            end = match.end


def test_an_empty_text_names_nothing():
    assert find_skills("") == []
    assert skill_ids("", "  ") == []


def test_ids_are_unique_in_order_of_mention_and_bring_what_they_imply():
    assert skill_ids("Docker, PL/SQL", "docker e Java") == ["docker", "plsql", "sql", "java"]
    assert skill_ids("SAP SD") == ["sap-sd", "sap"]


def test_a_skill_of_an_older_taxonomy_is_shown_by_its_id():
    assert skill("gone-since").label == "gone-since"
    assert skill("java").label == "Java"


def test_every_alias_that_needs_no_context_finds_its_own_skill():
    for row in rows():
        for alias in row["aliases"].split("|"):
            if not alias.startswith("?"):
                assert row["id"] in ids(alias), alias


def test_every_ambiguous_alias_counts_beside_one_of_its_context_words():
    for row in rows():
        for alias in row["aliases"].split("|"):
            if alias.startswith("?"):
                words = row["context"].split("|")
                assert any(row["id"] in ids(f"{alias[1:]}, {word}") for word in words), alias


def test_the_taxonomy_is_whole():
    table = rows()
    known = {row["id"] for row in table}
    assert len(known) == len(table) == len(all_skills()) >= 400
    assert all(row["label"] and row["group"] and row["aliases"] for row in table)
    assert {other for row in table for other in row["implies"].split("|") if other} <= known
    sizes = Counter(row["family"] for row in table if row["family"])
    assert [family for family, size in sizes.items() if size < 2] == []


def test_no_skill_stands_for_what_the_law_protects():
    forbidden = {
        "masculino", "feminino", "homem", "mulher", "solteiro", "casado", "evangelico", "catolico", "jovem",
        "idade", "pcd", "deficiente", "negro", "branco", "gravida", "filhos", "aparencia", "morador",
    }  # fmt: skip
    aliases = {fold_phrase(a.removeprefix("?")) for row in rows() for a in row["aliases"].split("|")}
    assert not {word for alias in aliases for word in alias.split()} & forbidden


def test_folding_keeps_one_character_for_each():
    text = "".join(map(chr, range(1, 0x3000)))
    assert len(fold_characters(text)) == len(text)


def test_a_place_after_dropped_characters_leads_back_to_them():
    text = "a   b\u0301 c"
    folded = fold(text)
    assert folded.text == "a b c"
    assert [text[folded.place(at)] for at in range(len(folded.text))] == ["a", " ", "b", " ", "c"]

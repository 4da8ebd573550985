import re
from datetime import date

import pytest

from candidates.redaction import plain, redact_contact, redact_identity
from candidates.redaction_gender import PEOPLE
from candidates.skills import all_skills
from jobs.generator.cv import write_cv
from jobs.generator.grammar import stream
from jobs.generator.person import person
from jobs.generator.timeline import Timeline
from jobs.generator.world import World

NAME = "Xíntia Quarup"


def shown(text):
    return redact_identity(text, name=NAME)


FOR_BOTH = [
    ("Desenvolvedora Java Sênior", "Desenvolvedor(a) Java Sênior"),
    ("desenvolvedor", "desenvolvedor(a)"),
    ("ENGENHEIRA DE SOFTWARE", "ENGENHEIRO(A) DE SOFTWARE"),
    ("Sou uma enfermeira apaixonada por ensino e dedicada",
     "Sou um(a) enfermeiro(a) apaixonado(a) por ensino e dedicado(a)"),
    ("Secretária executiva bilíngue", "Secretário(a) executivo(a) bilíngue"),
    ("Secretária", "Secretário(a)"),
    ("Auxiliar administrativa", "Auxiliar administrativo(a)"),
    ("assistente administrativo e financeiro", "assistente administrativo(a) e financeiro(a)"),
    ("Engenheira química formada pela UFPE", "Engenheiro(a) químico(a) formado(a) pela UFPE"),
    ("Formada em Direito", "Formado(a) em Direito"),
    ("Pós-graduada em Gestão", "Pós-graduado(a) em Gestão"),
    ("● Certificada em AWS", "● Certificado(a) em AWS"),
    ("\uf0b7proativa, com foco", "\uf0b7proativo(a), com foco"),
    ("fui promovida a coordenadora", "fui promovido(a) a coordenador(a)"),
    ("Técnica de enfermagem", "Técnico(a) de enfermagem"),
    ("Atuei como médica no hospital", "Atuei como médico(a) no hospital"),
    ("Administradora de empresas", "Administrador(a) de empresas"),
    ("Operadora de caixa", "Operador(a) de caixa"),
    ("Profissional focada em resultados", "Profissional focado(a) em resultados"),
    ("desenvolvedor/a", "desenvolvedor(a)"),
    ("Engenheiro (a) civil", "Engenheiro(a) civil"),
    ("Atriz", "Ator/atriz"),
    ("Saleswoman at a shop", "Salesperson at a shop"),
    ("Secreta\u0301ria", "Secreta\u0301rio(a)"),
    ("Ela atuou no projeto e foi promovida.", "Ele(a) atuou no projeto e foi promovido(a)."),
    ("Nesse ano ele também coordenou a equipe", "Nesse ano ele(a) também coordenou a equipe"),
    ("Ela é uma profissional dedicada", "Ele(a) é uma profissional dedicado(a)"),
    ("Ele possui ampla experiência; com ele, aprendi",
     "Ele(a) possui ampla experiência; com ele(a), aprendi"),
    ("Ela é dedicada e muito respeitada", "Ele(a) é dedicado(a) e muito respeitado(a)"),
    ("Xíntia entrou em 2015 e a área cresceu com ela", "█████ entrou em 2015 e a área cresceu com ele(a)"),
    ("Recomendo o trabalho dela", "Recomendo o trabalho dele(a)"),
    ("Trabalhei com ela por dois anos", "Trabalhei com ele(a) por dois anos"),
    ("Ela mesma implantou o SAP", "Ele(a) mesmo(a) implantou o SAP"),
    ("ELA TRABALHA COM SAP", "ELE(A) TRABALHA COM SAP"),
    ("She led her team by herself", "He/she led his/her team by himself/herself"),
    ("I recommend her for any position. He is great.",
     "I recommend him/her for any position. He/she is great."),
    ("Colleagues praise his work and trust him", "Colleagues praise his/her work and trust him/her"),
    ("Pronouns: she/her", "Pronouns: █████"),
    ("Pronomes: ela/dela", "Pronomes: █████"),
]  # fmt: skip
KEPT = [
    "Oracle, Sankhya, TOTVS, Delphi e Jira", "Secretaria da Fazenda", "Secretaria Municipal de Saúde",
    "área técnica", "documentação técnica", "Curso técnico em informática", "indústria farmacêutica",
    "operações bancárias", "Empresa focada em vendas", "Pessoa organizada e dedicada", "MBA executivo",
    "Administradora de cartões", "Operadora Vivo", "Operadora de telefonia", "Editora Abril", "monitor LCD",
    "Servidor Windows, controlador de domínio", "equipe de desenvolvedores", "software proprietário",
    "trabalho voluntário", "Responsável por analistas", "Carteira de clientes", "Análise médica de laudos",
    "Torneira automática", "Assessoria técnica", "Consultoria SAP", "Engenharia de Software", "Tecnologia",
    "Implantei o SAP; ele integra as filiais", "A empresa cresceu e ela foi vendida",
    "banco de dados e dele extraí", "he/she, his/her, ele/ela, dele(a)",
    "gestão de contratos; ela foi feita em três etapas", "O sistema possui módulos e com ele emitimos notas",
    "pacientes com ELA e Alzheimer", "SHE manager", "HIS hospitalar", "HE 50%",
    "Elas e eles participaram", "Ele possui três módulos", "elaborou relatórios", "Elas atuam em rede",
    "Editor de texto", "Consórcio: Administradora de Consórcios Norte",
]  # fmt: skip


@pytest.mark.parametrize(("text", "both"), FOR_BOTH)
def test_words_that_tell_the_sex_are_written_for_both(text, both):
    assert shown(text) == both


@pytest.mark.parametrize("text", KEPT)
def test_things_firms_and_groups_stay_as_they_are(text):
    assert shown(text) == text


@pytest.mark.parametrize("text", [text for text, _both in FOR_BOTH])
def test_what_is_written_for_both_stays_so(text):
    assert shown(shown(text)) == shown(text)


def test_both_sexes_write_the_same_in_the_end():
    for word in ("a", "o"):
        text = (
            f"Engenheir{word} mecânic{word}, graduad{word} em 2010. Fui contratad{word} como advogad{word}."
        )
        assert shown(text) == (
            "Engenheiro(a) mecânico(a), graduado(a) em 2010. Fui contratado(a) como advogado(a)."
        )


def test_where_only_contact_data_is_hidden_titles_stay():
    assert redact_contact("Engenheira, tel. 81 99876-5432").startswith("Engenheira")


def test_no_skill_of_the_taxonomy_changes():
    changed = {skill.label: shown(f"Uso de {skill.label} há anos") for skill in all_skills()}
    assert {label: text for label, text in changed.items() if text != f"Uso de {label} há anos"} == {}


def test_generated_cvs_keep_no_gendered_word_for_a_person():
    until = date(2026, 10, 31)
    world = World.of(7, timeline=Timeline.ending(until), candidates=300)
    found, had = [], 0
    for index in range(300):
        someone = person(world, index)
        if not someone.readable:
            continue
        text = write_cv(someone, stream(7, "cv", index), until=until)
        had += bool(gendered(text))
        found += gendered(redact_identity(text, name=someone.name))
    assert had > 50
    assert found == []


def gendered(text):
    words = re.finditer(r"[^\W\d_]+(?!\([ao]\))\b", plain(text).text)
    return [word[0] for word in words if word[0] in PEOPLE and not is_for_both(text, word)]


def is_for_both(text, word):
    return plain(text).text[word.end() : word.end() + 3] == "(a)"

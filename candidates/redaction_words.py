"""Words that redaction reads another way than as a name of its own."""

# ruff: noqa: E501, SIM905  lists are read more easily so

from typing import Final

PARTICLES: Final = frozenset(
    {"da", "das", "de", "del", "della", "di", "do", "dos", "e", "van", "von", "y", "la"}
)
TITLES: Final = frozenset("sr sra srta dr dra mr mrs ms miss dona prof profa eng jr".split())

# Names that are everyday words of a CV: technologies, places, months, companies, roles
_EVERYDAY = """
abril agosto alegre alto angular apollo aurora azul bahia banco barra barros basic belem bento bom bonito braga
branca branco brasil bravo campinas campo campos carta castelo castro celeste chaves clara claro cloud conceicao
cortes costa cristal cruz dart delphi dell dias django domingos dores elixir ember esperanca federal feliz ferro
fiel filha filho flask flor flores fonte fontes forte fortes franca franco gama general geral git gloria go graca
grande guerra guia horizonte internet iris jade java jenkins jesus jira jordan jose julho julia julio junho junior
justo kafka lago laravel leal leao leite lima linda linhares linux lisboa londrina lotus lua luz mac machado maio
mar marco marcos mato matos max mercado mercedes meta minas monte montes mota natal neto neta norte nova novo
olinda oracle ouro palma palmas para parana parente pascal paulista paz pedra penha perl pessoa pessoas pires
ponte pontes porta porto portugal prado prata preto primo prudente python ramos real recife rede reis rico rio rios
roberto rocha rosa ruby rust sal sala salas sales salvador santa santana santo santos sao sap sas scala segundo
selenium senior serra sigma sobrinho socorro sol spark sul swift terra teresina tiago torres total totvs unity
unidos vale valente vasco vera viana vila villa vista vitoria viva vivo
"""
EVERYDAY: Final = frozenset(_EVERYDAY.split()) - {"roberto", "tiago", "jose", "pires"}

"""Words of CVs and jobs as sparse, IDF-weighted vectors.

Words are folded to ASCII, made neutral in number and grammatical gender ("desenvolvedora", "desenvolvedores"
and "desenvolvedor" are one term, so that the wording of a CV does not tell a man from a woman), hashed to
2**20 buckets, and the buckets found in enough documents are kept. Neither fitting nor the learned state keeps
a word: the state is two numeric arrays, in which no name from a CV can be read. Personal terms (sex, marital
status, age, origin, disability, religion, …) are dropped before hashing.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

BUCKETS: Final = 1 << 20
LONGEST_TEXT: Final = 100_000  # characters; the longest CV of the source has 60,178
_NOT_A_TERM: Final = -1
_MEMO_WORDS: Final = 300_000  # bounds the memory of a long fit
_CHUNK: Final = 1_000  # documents tokenised at a time
_FORMAT: Final = 1

_WORD = re.compile(r"[a-z0-9][a-z0-9]*[+#]*")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")

_STOP_WORDS = """
a ao aos aquela aquele aquilo as ate com como da das de dela dele deles depois do dos e ela elas ele eles
em entre era essa essas esse esses esta estao estar estas estava este estes eu foi foram ha isso isto ja
la lhe mais mas me mesmo meu meus minha minhas muito muitos na nao nas nem no nos nosso nossa num numa o
os ou outra outras outro outros para pela pelas pelo pelos por porque pra qual quando que quem se seja sem
ser sera seu seus sido sob sobre sua suas tal tambem tem tendo ter teve todo toda todos todas tudo um uma
umas uns vai voce via etc about all also am an and any are as at be been being but by can could did do
does for from had has have he her his how i if in into is it its just more most my nor not of off on only
or other our out over own she should so some such than that the their them then there these they this
those through to too under until up very was we were what when where which while who whom why will with
would you your janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro
january february march april may june july august september october november december periodo email
telefone celular
"""
STOP_WORDS: Final = frozenset(_STOP_WORDS.split())

_PERSONAL_TERMS = """
sexo genero masculino feminino homem mulher solteiro solteira casado casada divorciado divorciada viuvo
viuva separado separada noivo noiva uniao conjuge esposo esposa marido filho filha filhos filhas pai mae
gravida gestante gestacao gravidez maternidade paternidade idade nascido nascida nascimento nasceu
aniversario natural naturalidade nacionalidade brasileiro brasileira brasileiros estrangeiro estrangeira
raca etnia negro negra pardo parda branco branca indigena religiao catolico catolica evangelico evangelica
cristao crista judeu judia espirita pastor deficiente deficientes deficiencia pcd pne cid endereco bairro
cep rua avenida cpf rg foto male female man woman gender sex single married divorced widowed widow spouse
husband wife son daughter father mother pregnant maternity paternity age born birth birthday nationality
brazilian race ethnicity black white religion catholic christian jewish muslim disabled disability address
photo sra srta mrs miss dona senhor senhora senhorita moca rapaz avo namorado namorada enteado enteada gay
lesbica homossexual bissexual heterossexual transexual transgenero travesti lgbt lgbtqia umbanda candomble
adventista mormon ateu ateia aposentado aposentada idoso idosa afrodescendente mulato mulata caucasiano
asiatico reservista desquitado desquitada amasiado amasiada quilombola mulheres homens menina menino garota
garoto moco women men girl girls boy boys ladies mamae papai gemeos gestantes lactante amamentacao feminista
feminismo dono donos pyladies rladies womakerscode pretalab afropython
surdo surda surdez surdocego cego cega cegueira autista autismo cadeirante tdah adhd dislexia dislexico
nanismo epilepsia epileptico esquizofrenia tetraplegico tetraplegia paraplegico paraplegia hemiplegico
amputado ostomizado soropositivo hiv neurodivergente neurodivergencia neuroatipico asperger pcds ppd pwd
deaf blind autistic autism dyslexia dyslexic wheelchair
igreja paroquia terreiro sinagoga diocese arquidiocese basilica pastoral capelania capelao jeova louvor
catequese catequista missionario diacono diaconisa presbitero padre freira rabino bispo coroinha crisma missa
culto biblia biblico gospel evangelizacao evangelismo candomblecista umbandista budista budismo hinduista
islamico islamismo muculmano orixa baptist methodist presbyterian lutheran pentecostal
"""
PERSONAL_TERMS: Final = frozenset(_PERSONAL_TERMS.split())
# Other words of four letters lose nothing, and "-ao" becomes "-a".
_FEMININES: Final = {
    "apta": "apto", "aptas": "aptos", "cidada": "cidadao", "cidadas": "cidadaos", "campea": "campeao",
    "campeas": "campeoes", "tecela": "tecelao", "escriva": "escrivao", "capita": "capitao", "alema": "alemao",
    "artesa": "artesao", "guardia": "guardiao", "anfitria": "anfitriao", "crista": "cristao", "atriz": "ator",
}  # fmt: skip


class _AsciiMemo(dict[str, str]):
    """Each non-ASCII character as ASCII: accents go, dashes become "-", other signs a space, invisible ones
    nothing.
    """

    def __missing__(self, character: str) -> str:
        plain = "".join(part for part in unicodedata.normalize("NFKD", character) if part < "\x80")
        category = unicodedata.category(character)
        if not plain.strip():
            plain = {"Pd": "-", "Mn": "", "Cf": ""}.get(category, " ")
        self[character] = plain.lower()
        return self[character]


_ASCII = _AsciiMemo()


def fold(text: str) -> str:
    """`text` in lower case without accents, all ASCII, line breaks kept; folding twice changes nothing."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    return _NON_ASCII.sub(lambda run: "".join([_ASCII[character] for character in run.group()]), lowered)


def neutral(word: str) -> str:
    """A folded word without the endings of number and grammatical gender, Portuguese first, English
    tolerably.
    """
    word = _FEMININES.get(word, word)
    if len(word) > 5 and word.endswith(("oes", "aes")):
        word = word[:-3] + "ao"
    elif len(word) > 4 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word[-1] in "aoe" else word


_PERSONAL: Final = frozenset(neutral(word) for word in PERSONAL_TERMS)
_DROPPED: Final = STOP_WORDS | _PERSONAL


class _BucketMemo(dict[str, int]):
    """Bucket of each folded word, remembered; `_NOT_A_TERM` for stop words, personal terms, numbers and
    letters.
    """

    def __missing__(self, word: str) -> int:
        if len(self) >= _MEMO_WORDS:
            self.clear()
        self[word] = bucket = _bucket(word)
        return bucket


def _bucket(word: str) -> int:
    if len(word) < 2 or len(word) > 40 or word in STOP_WORDS or word.isdigit():
        return _NOT_A_TERM
    term = neutral(word)
    return _NOT_A_TERM if term in _DROPPED else zlib.crc32(term.encode("ascii")) % BUCKETS


class _SizeMemo(dict[str, int]):
    """Of each folded word what it adds to `size`: one word in the upper bits, its letters in the lower."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _MEMO_WORDS:
            self.clear()
        self[word] = added = _added(word)
        return added


def _added(word: str) -> int:
    """Nothing for a number or a personal term. Stop words count alike ("um" and "uma"), others without their
    ending, and each with the blank and the ending that it is likely to have.
    """
    term = neutral(word)
    if word.isdigit() or word in PERSONAL_TERMS or term in _PERSONAL:
        return 0
    return _ONE_WORD + (_STOP_WORD_LETTERS if word in STOP_WORDS or len(word) == 1 else len(term) + 2)


_ONE_WORD: Final = 1 << 32
_STOP_WORD_LETTERS: Final = 4
_sizes = _SizeMemo()


def size(folded: str) -> tuple[int, int]:
    """How many words a folded text has and about how many characters they take.

    Both are the same for a man and a woman: numbers and personal terms do not count, and no ending of number
    or gender makes a text longer.
    """
    total = sum(map(_sizes.__getitem__, _WORD.findall(folded)))
    return total >> 32, max(0, (total & (_ONE_WORD - 1)) - 1)  # no blank after the last word


class TextModel:
    """Hashed words with learned inverse document frequencies.

    Follows scikit-learn's habits: `fit` learns `buckets_` (int32, ascending: which hash buckets became
    columns) and `idf_` (float32, ln((1 + documents) / (1 + documents holding it)) + 1, scikit-learn's
    smoothed form); `transform` answers rows of (1 + ln tf) · idf of unit length (Salton and Buckley 1988),
    zero for a text without a known term.
    """

    def __init__(self, *, max_terms: int = 30_000, min_documents: int = 3) -> None:
        self.max_terms = max_terms
        self.min_documents = min_documents
        self.buckets_: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self.idf_: NDArray[np.float32] = np.zeros(0, dtype=np.float32)

    def fit(self, texts: Iterable[str]) -> Self:
        """Learn from `texts`, read once, a thousand at a time; without texts the model knows no term."""
        frequency = np.zeros(BUCKETS, dtype=np.int64)
        documents = 0
        for rows, buckets, size in _chunks(texts):
            distinct = np.unique(rows * BUCKETS + buckets)
            frequency += np.bincount(distinct % BUCKETS, minlength=BUCKETS)
            documents += size
        kept = np.flatnonzero(frequency >= self.min_documents)
        if len(kept) > self.max_terms:
            # The stable sort makes ties fall the same way on every machine.
            kept = np.sort(kept[np.argsort(-frequency[kept], kind="stable")[: self.max_terms]])
        self.buckets_ = kept.astype(np.int32)
        self.idf_ = (np.log((1 + documents) / (1 + frequency[kept])) + 1).astype(np.float32)
        return self

    def transform(self, texts: Iterable[str]) -> sparse.csr_matrix:
        """csr float32, (number of texts, number of terms), one row a text, rows of unit length or zero."""
        column = np.full(BUCKETS + 1, _NOT_A_TERM, dtype=np.int32)  # the last place stands for `_NOT_A_TERM`
        column[self.buckets_] = np.arange(len(self.buckets_), dtype=np.int32)
        parts = [self._weigh(rows, column[buckets], size) for rows, buckets, size in _chunks(texts)]
        if not parts:
            return sparse.csr_matrix((0, len(self.buckets_)), dtype=np.float32)
        return sparse.vstack(parts, format="csr", dtype=np.float32)

    def _weigh(self, rows: NDArray[np.int64], columns: NDArray[np.int32], size: int) -> sparse.csr_matrix:
        known = columns != _NOT_A_TERM
        rows, columns = rows[known], columns[known]
        ones = np.ones(len(rows), dtype=np.float32)
        counts = sparse.csr_matrix((ones, (rows, columns)), shape=(size, len(self.buckets_)))
        counts.sum_duplicates()
        counts.data = ((1 + np.log(counts.data)) * self.idf_[counts.indices]).astype(np.float32)
        return unit_rows(counts)

    def to_arrays(self) -> dict[str, NDArray[np.generic]]:
        """The learned state as plain arrays (no object, hence no pickle)."""
        return {"format": np.array([_FORMAT], dtype=np.int32), "buckets": self.buckets_, "idf": self.idf_}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> TextModel:
        """The model that `to_arrays` wrote; `ValueError` when the arrays are none."""
        missing = {"format", "buckets", "idf"} - set(arrays)
        if missing:
            raise ValueError(f"the text model lacks {', '.join(sorted(missing))}")
        buckets, idf = np.asarray(arrays["buckets"]), np.asarray(arrays["idf"])
        if int(np.asarray(arrays["format"])[0]) != _FORMAT:
            raise ValueError("the text model has an unknown format")
        if buckets.shape != idf.shape or buckets.ndim != 1 or not _ascending_buckets(buckets):
            raise ValueError("the text model's buckets and idf do not fit together")
        model = cls()
        model.buckets_, model.idf_ = buckets.astype(np.int32), idf.astype(np.float32)
        return model


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """`matrix` with each non-zero row scaled to length one, in place."""
    squares = (
        np.add.reduceat(np.append(matrix.data**2, 0), matrix.indptr[:-1]) if matrix.shape[0] else np.zeros(0)
    )
    sizes = np.diff(matrix.indptr)
    squares[sizes == 0] = 1  # reduceat answers the next row's first value for an empty row
    matrix.data /= np.repeat(np.sqrt(squares), sizes).astype(matrix.dtype)
    return matrix


def _ascending_buckets(buckets: NDArray[np.generic]) -> bool:
    numbers = buckets.astype(np.int64)
    inside = numbers.size == 0 or (numbers[0] >= 0 and numbers[-1] < BUCKETS)
    return bool(inside and (np.diff(numbers) > 0).all())


def _chunks(texts: Iterable[str]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], int]]:
    """(row, bucket) of every term of each thousand texts, and how many texts there were."""
    memo = _BucketMemo()
    texts = iter(texts)
    while chunk := list(islice(texts, _CHUNK)):
        found = [[memo[word] for word in _WORD.findall(fold(text[:LONGEST_TEXT]))] for text in chunk]
        sizes = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
        buckets = np.fromiter(
            (bucket for row in found for bucket in row), dtype=np.int64, count=int(sizes.sum())
        )
        rows = np.repeat(np.arange(len(chunk), dtype=np.int64), sizes)
        terms = buckets != _NOT_A_TERM
        yield rows[terms], buckets[terms], len(chunk)

"""Words as the eye reads them, however they are written: what is refused is refused in disguise too."""

import re
import unicodedata

from candidates.folding import fold_phrase

_INVISIBLE = ("Cf", "Mn", "Me")  # categories of Unicode: signs without a width, loose accents
_GREEK_AND_CYRILLIC = "авеёкмнорстухіјѕαεικνορτυχ"
_LOOK_ALIKES = str.maketrans(_GREEK_AND_CYRILLIC, "abeekmhopctyxijsaeiknoptux")
# A word spelled letter by letter: "m.u.l.h.e.r"
_SPELLED = re.compile(r"(?<![a-z0-9.])(?:[a-z](?: |\.) ?){3,}[a-z](?![a-z0-9])")


def undisguised(text: str) -> str:
    """Folded, without invisible signs, wide letters, look-alikes of other alphabets and words spelled out."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_LOOK_ALIKES)
    signs = unicodedata.normalize("NFD", plain)
    seen = "".join(sign for sign in signs if unicodedata.category(sign) not in _INVISIBLE)
    return _SPELLED.sub(lambda found: re.sub(r"[ .]", "", found[0]), fold_phrase(seen))


# "s3xo", "mu1her": figures inside a word of at least four signs that else has letters only
_FIGURES = re.compile(r"(?<![a-z0-9@$])(?=[a-z0-9@$]{4,}(?![a-z0-9@$]))[a-z]+[013457@$][a-z0-9@$]*")
_AS_LETTERS = str.maketrans("013457@$", "oleastas")


def without_figures(folded: str) -> str:
    """Figures read as the letters that they look like."""
    return _FIGURES.sub(lambda found: found[0].translate(_AS_LETTERS), folded)

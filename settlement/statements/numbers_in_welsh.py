"""Amounts in Welsh words, in the modern decimal counting that councils and health boards write.

Numbers change what follows them and agree with its gender: `dwy fil`, `tair mil`, `chwe chant`, `cant a thair`. Pounds,
pence, thousands and millions are feminine; a billion is left as it is, since a softened one would be read as a million.
"""

_ONES = ("dim", "un", "dau", "tri", "pedwar", "pump", "chwech", "saith", "wyth", "naw", "deg")
_FEMININE = {2: "dwy", 3: "tair", 4: "pedair"}
_SHORT = {5: "pum", 6: "chwe"}  # before a noun
_HUNDREDS = {2: "dau gant", 3: "tri chant", 6: "chwe chant"}
_HUNDREDS_OF = {2: "dau gan", 3: "tri chan", 6: "chwe chan"}  # before a noun
_ASPIRATE = {"c": "ch", "p": "ph", "t": "th"}
_VOWELS = frozenset("aeiouwyâêîôûŵŷ")
_HUNDRED, _TEN = 100, 10


class _Noun:
    """A thousand, a million …: its own word, the same after a softening numeral, and whether it is feminine."""

    def __init__(self, word: str, softened: str = "", *, is_feminine: bool = False) -> None:
        self.word = word
        self.softened = softened or word
        self.is_feminine = is_feminine


_SCALES = (
    _Noun("mil", "fil", is_feminine=True),
    _Noun("miliwn", "filiwn", is_feminine=True),
    _Noun("biliwn"),
    _Noun("triliwn"),
)


def amount_in_welsh(pounds: int, pence: int) -> str:
    """`mil dau gant tri deg pedair o bunnoedd a phum deg chwech o geiniogau`, without a capital."""
    said = []
    if pounds or not pence:
        said.append(_counted(pounds, "punnoedd", "un bunt", "bunnoedd"))
    if pence:
        said.append(_counted(pence, "ceiniogau", "un geiniog", "geiniogau"))
    *first, last = said
    return f"{first[0]} {_and(last)}" if first else last


def _counted(number: int, none: str, one: str, many: str) -> str:
    match number:
        case 0:
            return f"dim {none}"
        case 1:
            return one
        case _:
            return f"{number_in_welsh(number, is_feminine=True)} o {many}"


def number_in_welsh(number: int, *, is_feminine: bool = False) -> str:
    """A whole number from nought up to a thousand trillion as it is read out; of something feminine, in that form."""
    rest, last = divmod(number, 1000)
    words: list[str] = []
    for noun in _SCALES:
        rest, group = divmod(rest, 1000)
        if group:
            words.insert(0, _of(group, noun))
    if rest:
        message = f"{number} is larger than any amount a ledger can hold"
        raise ValueError(message)
    if last or not words:
        text = _below_thousand(last, is_feminine=is_feminine)
        words.append(_and(text) if words and (last <= _TEN or last == _HUNDRED) else text)
    return " ".join(words)


def _of(group: int, noun: _Noun) -> str:
    """So many thousands or millions."""
    if group == 1:
        return noun.word
    if group == _TEN and noun.is_feminine:
        return f"deng {noun.word}"
    if group % _HUNDRED == 0:
        return f"{_hundreds(group // _HUNDRED, is_before_noun=True)} {noun.word}"
    softens = noun.is_feminine and group % _HUNDRED % _TEN in {1, 2} and group % _HUNDRED != _TEN
    words = _below_thousand(group, is_feminine=noun.is_feminine, is_before_noun=True)
    return f"{words} {noun.softened if softens else noun.word}"


def _below_thousand(number: int, *, is_feminine: bool = False, is_before_noun: bool = False) -> str:
    hundreds, rest = divmod(number, _HUNDRED)
    words = [_hundreds(hundreds)] if hundreds else []
    if rest or not hundreds:
        text = _below_hundred(rest, is_feminine=is_feminine, is_before_noun=is_before_noun)
        words.append(_and(text) if hundreds and rest <= _TEN else text)
    return " ".join(words)


def _hundreds(hundreds: int, *, is_before_noun: bool = False) -> str:
    word = "can" if is_before_noun else "cant"
    if hundreds == 1:
        return word
    known = (_HUNDREDS_OF if is_before_noun else _HUNDREDS).get(hundreds)
    return known or f"{_SHORT.get(hundreds, _ONES[hundreds])} {word}"


def _below_hundred(number: int, *, is_feminine: bool, is_before_noun: bool) -> str:
    tens, ones = divmod(number, _TEN)
    if number <= _TEN:
        return _one(number, is_feminine=is_feminine, is_before_noun=is_before_noun)
    ten = "dau ddeg" if tens == 2 else f"{_SHORT.get(tens, _ONES[tens])} deg"  # noqa: PLR2004  two softens
    return f"{ten} {_one(ones, is_feminine=is_feminine, is_before_noun=is_before_noun)}" if ones else ten


def _one(number: int, *, is_feminine: bool, is_before_noun: bool) -> str:
    if is_feminine and number in _FEMININE:
        return _FEMININE[number]
    return _SHORT.get(number, _ONES[number]) if is_before_noun else _ONES[number]


def _and(words: str) -> str:
    """`a` with what follows aspirated, `ac` before a vowel: `a thair`, `ac un`."""
    if words[0] in _VOWELS:
        return f"ac {words}"
    if words[0] in _ASPIRATE and not words.startswith("ch"):
        return f"a {_ASPIRATE[words[0]]}{words[1:]}"
    return f"a {words}"

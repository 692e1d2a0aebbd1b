"""What Welsh asks of a word by what follows it: `a` (and) is `ac` before a vowel."""

_VOWELS = frozenset("aeiouyâêîôûŷáéíóúàèìòùäëïöüAEIOUYÂÊÎÔÛŶÁÉÍÓÚÀÈÌÒÙÄËÏÖÜ")
_W = frozenset("wŵ")  # a small one is a vowel (`wyth`, `wrth`); a capital begins names, where it is hardly ever one
_OPENING = "“‘\"'(£"
_UN, _WYTH = 1, 8


def before_in_welsh(word: str, following: str) -> str:
    """The word as it stands before what follows; only `a` changes."""
    return "ac" if word == "a" and _begins_with_vowel(following.lstrip(_OPENING)) else word


def _begins_with_vowel(text: str) -> bool:
    first, second = text[:1], text[1:2]
    if first.isdigit():
        return _is_read_with_vowel(text)
    if first in {"Y", "y"}:
        return second.lower() not in _VOWELS  # Ynys Môn; not York
    return first in _VOWELS or first in _W


def _is_read_with_vowel(text: str) -> bool:
    """Whether a number is read out with a vowel first: `un`, `un deg un`, `wyth`; but `deg`, `cant`, `mil`."""
    group = ""
    for each in text:
        if not (each.isascii() and each.isdigit()):
            break
        group += each
    has_more = text[len(group) : len(group) + 1] == ","
    if group.startswith(str(_WYTH)):
        return True
    if group == str(_UN):
        return not has_more  # `un`, but `mil`, `miliwn`
    return len(group) == len("11") and group.startswith(str(_UN)) and group != "10"

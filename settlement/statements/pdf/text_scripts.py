"""What is drawn for a text whose characters do not simply stand one after the other.

Right-to-left scripts are reordered for display by the Unicode Bidirectional Algorithm (python-bidi) and Arabic letters
take the forms of their places in the word (arabic-reshaper); both are imported when a text first needs them. The forms
are characters of their own in Unicode, so that a reader of the PDF finds letters, where a shaping engine would leave
numbers of glyphs. Joiners, selectors and direction marks are not drawn; letters and marks are composed.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from settlement.statements.pdf.text_fonts import ARABIC, font_of

if TYPE_CHECKING:
    from arabic_reshaper import ArabicReshaper

LEFT_MARK, RIGHT_MARK, ARABIC_MARK = "\u200e", "\u200f", "\u061c"
DIRECTION_MARKS = LEFT_MARK + RIGHT_MARK + ARABIC_MARK

# Default_Ignorable_Code_Point of Unicode: nothing is drawn for them.
_IGNORED = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_IGNORED_ONE = re.compile(f"[{_IGNORED}]")
_JAMO = re.compile("[\u1100-\u115e\u1161-\u11ff]+")
_TONES = "\U0001f3fb-\U0001f3ff"
_FLAGS = "\U0001f1e6-\U0001f1ff"
_ONE_OF_MANY = re.compile(f"[{_IGNORED}{_TONES}{_FLAGS}\u1100-\u11ff]")
_ZERO_WIDTH_JOINER = "\u200d"
# A tone says nothing in black and white, and the frame of a keycap is no mark in any font that is shipped.
_LEFT_OUT = re.compile(
    f"(?<=[\u261d\u26f9\u270a-\u270d\U0001f385-\U0001faff])\ufe0f?[{_TONES}]|(?<=[0-9#*])\ufe0f?\u20e3"
)
_FROM_RIGHT = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")
# What would turn the order of all that follows it, in a sentence around a name too.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_AMOUNT = re.compile("(?<![(−-])[(−-]?£")
_HEBREW_MARKS = "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
_MARKS_BEFORE_LETTER = re.compile(f"([{_HEBREW_MARKS}]+)([\u05d0-\u05f2\ufb1d-\ufb4f])")
# The tag is of those characters that take no part in reordering, and is left out of every text beforehand.
_TAG = "\ufeff"
_MIRRORED = dict(zip("()[]{}<>«»‹›≤≥（）［］｛｝", ")(][}{><»«›‹≥≤）（］［｝｛", strict=True))
_SIDED = re.escape("".join(_MIRRORED))
_TURNED = re.compile(f"[{_SIDED}]")
_TAGGED = re.compile(f"({_TAG})([{_SIDED}])|([{_SIDED}]){_TAG}")
_FORMS = "\ufb50"
_RIGHT = frozenset({"R", "AL"})
_STRONG = _RIGHT | {"L"}


def is_simple(character: str) -> bool:
    """Whether a character stands for itself wherever it stands: most of all scripts do."""
    return not (
        unicodedata.category(character)[0] == "M"
        or _ONE_OF_MANY.match(character)
        or unicodedata.bidirectional(character) in {"R", "AL", "AN"}
    )


def is_drawn(character: str) -> bool:
    """Whether there is anything to draw for a character."""
    return _IGNORED_ONE.match(character) is None


def runs_from_right(text: str) -> bool:
    """Whether anything in a text is read from right to left."""
    return not text.isascii() and _FROM_RIGHT.search(text) is not None


def visual(text: str) -> str:
    """A line's characters from left to right as they are drawn."""
    text = _LEFT_OUT.sub("", _composed(text))
    if runs_from_right(text):
        text = _reordered(text)
    return _IGNORED_ONE.sub("", text)


def clusters(text: str) -> Iterator[str]:
    """A text in pieces between which a line may end: a letter with its marks, pictures joined into one, a flag."""
    start = 0
    for place in range(1, len(text)):
        if _begins(text, place, start):
            yield text[start:place]
            start = place
    if text:
        yield text[start:]


def _begins(text: str, place: int, start: int) -> bool:
    """Whether a new cluster begins at a place, the last having begun at its start."""
    before, character = text[place - 1], text[place]
    if before == _ZERO_WIDTH_JOINER or unicodedata.category(character)[0] == "M":
        return False
    if not _ONE_OF_MANY.match(character):
        return True
    if _is_flag(character):
        return not (_is_flag(before) and place - start == 1)
    return "\u1100" <= character <= "\u115e" and not "\u1100" <= before <= "\u115e"  # a syllable's first consonant


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _composed(text: str) -> str:
    """Letters and their marks as one character where Unicode has one, syllables of Hangul likewise.

    Only these are normalised: a compatibility form that stands by itself is somebody's choice.
    """
    if text.isascii():
        return text
    text = _JAMO.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    if not any(unicodedata.combining(character) for character in text):
        return text
    return "".join(
        unicodedata.normalize("NFC", each) if any(map(unicodedata.combining, each)) else each for each in clusters(text)
    )


def _reordered(text: str) -> str:
    """A line with right-to-left text in the order of display.

    The page runs from left to right, and so does a sentence with a name in Hebrew or Arabic; a text of such scripts
    alone, digits and signs aside, runs from the right. An amount of money never joins a name before it: by the
    algorithm alone, `שם: £5` would be drawn as `£5 :שם`.
    """
    from bidi import get_display  # noqa: PLC0415  few texts need it

    text = _TURNING.sub("", text)
    is_leftward = not any(unicodedata.bidirectional(character) == "L" for character in text)
    if not is_leftward:
        text = _AMOUNT.sub(lambda found: LEFT_MARK + found[0], text)
    if _ARABIC.search(text):
        text = _shaped(text)
    # the library reorders brackets and does not turn them: which run from the right is told by a tag behind each
    text = _TURNED.sub(lambda found: found[0] + _TAG, text.replace(_TAG, ""))
    shown = str(get_display(text, base_dir="R" if is_leftward else "L"))
    shown = _TAGGED.sub(lambda found: _MIRRORED[found[2]] if found[1] else found[3], shown)
    # Liberation Sans has its Hebrew marks drawn after their letter, as Latin ones are; Arabic ones are drawn before it
    return _MARKS_BEFORE_LETTER.sub(lambda found: found[2] + found[1][::-1], shown)


def _shaped(text: str) -> str:
    """Arabic letters in the forms that join them, as characters; a letter without such forms in the font stays."""
    shaped = str(_reshaper().reshape(text))
    return "".join(
        unicodedata.normalize("NFKC", each) if each >= _FORMS and font_of(each, ARABIC) is None else each
        for each in shaped
    )


@lru_cache(maxsize=1)
def _reshaper() -> "ArabicReshaper":
    from arabic_reshaper import ArabicReshaper  # noqa: PLC0415  few texts need it
    from arabic_reshaper.reshaper_config import default_config  # noqa: PLC0415

    # all of its settings are given, for what is left out can be changed by the environment
    return ArabicReshaper({**default_config, "delete_harakat": False, "ARABIC LIGATURE ALLAH": False})


def with_directions(lines: list[str]) -> list[str]:
    """The lines of a text with right-to-left words, each with the marks that make it run as the whole text does.

    A line by itself does not know which way the text around it runs, nor what a comma at its end stands between.
    """
    strong = [[each for each in map(unicodedata.bidirectional, line) if each in _STRONG] for line in lines]
    is_leftward = not any("L" in line for line in strong)
    marked = []
    for number, line in enumerate(lines):
        own = strong[number]
        before = next((each[-1] for each in reversed(strong[:number]) if each), "L")
        after = next((each[0] for each in strong[number + 1 :] if each), "L")
        first, last = (own[0], own[-1]) if own else (after, before)
        begin = {"R": RIGHT_MARK, "AL": ARABIC_MARK}.get(before, "") if first in _RIGHT else ""
        end = RIGHT_MARK if after in _RIGHT and last in _RIGHT else ""
        if is_leftward:
            line = RIGHT_MARK + begin + line  # noqa: PLW2901
        elif begin or end or not _RIGHT.isdisjoint(own):
            line = f"{LEFT_MARK}{begin}{line}{end}"  # noqa: PLW2901
        marked.append(line)
    return marked

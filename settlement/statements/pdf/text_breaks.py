"""Where a line of text may end: at spaces, and between the characters of scripts that are written without them."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat

from settlement.statements.pdf.text_scripts import clusters

# Ideographs, kana, their punctuation and full-width forms; pictures too. Hangul is written with spaces.
_WITHOUT_SPACES = re.compile(
    "[\u2e80-\u2fdf\u3000-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60"
    "\uffe0-\uffe6\U0001f000-\U0001faff\U00020000-\U0003ffff]"
)
_MAY_END = "\N{ZERO WIDTH SPACE}"
_MAY_PART = re.compile(f"{_WITHOUT_SPACES.pattern}|{_MAY_END}")
_MAY_NOT_END = "\N{WORD JOINER}"
_NOT_FIRST = frozenset(
    ")]}.,:;!?%’”»…‥、。，．：；！？％）］｝〉》」』】〕〗〙〛〞〟–—・‐゠ー々〻ヽヾゝゞ"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
    + _MAY_NOT_END
    + "\N{NO-BREAK SPACE}"
)
_NOT_LAST = frozenset("([{£$€¥‘“«〈《「『【〔〖〘〚〝（［｛￡￥＄" + _MAY_NOT_END + "\N{NO-BREAK SPACE}")


def words(text: str) -> Iterable[tuple[str, str]]:
    """A text in words that stay whole if they can, each with the space before it, if there is one."""
    found = text.split(" ")
    if text.isascii() or not _MAY_PART.search(text):
        return zip(repeat(" "), found)
    return _parts(found)


def _parts(found: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Words in parts between which a line may end."""
    for word in found:
        space, part = " ", ""
        for each in clusters(word):
            if part and _may_part(part[-1], each[0], part):
                yield space, part
                space, part = "", ""
            part += each
        yield space, part


def _may_part(before: str, after: str, part: str) -> bool:
    if before == _MAY_END:
        return True
    if after in _NOT_FIRST or before in _NOT_LAST:
        return False
    return bool(_WITHOUT_SPACES.match(after) or _WITHOUT_SPACES.search(part))


def fitting(parts: Sequence[str], fits: Callable[[str], bool]) -> int:
    """How many of the parts fit together, from the first on: found by doubling and halving, for a text may be long."""
    low, high = 0, 1
    while high <= len(parts) and fits("".join(parts[:high])):
        low, high = high, high * 2
    high = min(high - 1, len(parts))
    while low < high:
        middle = (low + high + 1) // 2
        if fits("".join(parts[:middle])):
            low = middle
        else:
            high = middle - 1
    return low

"""A pack as a file: read back as it was written, and refused for whatever is not canonical, or is made to hurt."""

import hashlib
import tracemalloc
from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from settlement.signoff import packfile
from settlement.signoff.canonical import DEEPEST, canonical
from settlement.signoff.errors import VerificationError
from settlement.signoff.packfile import Many, PackDigest, Rows, Whole, pack_bytes, read_members

MANY = frozenset({"lines"})
MEGABYTE = 2**20


def written(members: dict[str, Any]) -> bytes:
    """A pack of these members, `lines` as rows."""
    return b"".join(
        pack_bytes(
            (name, Many(map(canonical, value)) if name in MANY else Whole(value))
            for name, value in sorted(members.items())
        )
    )


def read(pieces: Iterable[bytes]) -> dict[str, Any]:
    """What a pack says."""
    return {
        name: [row.values for row in member] if isinstance(member, Rows) else member.value
        for name, member in read_members(pieces, MANY)
    }


def refusal(pieces: Iterable[bytes]) -> str:
    """How a pack is refused."""
    with pytest.raises(VerificationError) as refused:
        read(pieces)
    return str(refused.value)


def one_by_one(pack: bytes) -> Iterator[bytes]:
    """A pack a byte at a time."""
    return (pack[index : index + 1] for index in range(len(pack)))


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=8) | st.sampled_from(
    ["},{", "\\", '"', "a\\", "}]"]
)
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1)
ROWS = st.lists(st.dictionaries(st.sampled_from(["id", "raw", "reason"]), TEXTS | NUMBERS), max_size=5)
WHOLES = st.recursive(
    TEXTS | NUMBERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)
PACKS = st.builds(
    lambda rows, wholes: {**wholes, **({} if rows is None else {"lines": rows})},
    st.none() | ROWS,
    st.dictionaries(st.sampled_from(["meta", "agreement", "settlement"]), WHOLES),
)


@given(PACKS, st.integers(1, 50))
def test_a_pack_is_read_back_as_it_was_written_however_it_is_cut(members: dict[str, Any], cut: int) -> None:
    pack = written(members)
    assert pack == canonical(members)
    assert read([pack[index : index + cut] for index in range(0, len(pack), cut)]) == members
    assert read(iter([b"", pack, b""])) == members


@given(PACKS)
def test_a_row_and_a_member_are_read_with_their_bytes_and_their_place(members: dict[str, Any]) -> None:
    pack = written(members)
    for _, member in read_members([pack], MANY):
        for each in member if isinstance(member, Rows) else [member]:
            assert pack[each.offset : each.offset + len(each.raw)] == each.raw


@given(PACKS)
def test_what_is_read_can_be_written_again(members: dict[str, Any]) -> None:
    pack = written(members)
    assert b"".join(pack_bytes(read_members(one_by_one(pack), MANY))) == pack


@given(PACKS, st.data())
@example({"lines": [{"raw": "a\x1f"}], "meta": "\x1f"}, None)
def test_no_pack_with_a_byte_changed_is_read_as_anything_but_what_its_bytes_say(
    members: dict[str, Any], data: st.DataObject | None
) -> None:
    """Of any bytes there is one reading at most: what is read writes exactly those bytes, or nothing is read."""
    pack = bytearray(written(members))
    if data is None:
        pack = pack.replace(b"\\u001f", b"\\u001F")
    else:
        change = data.draw(st.sampled_from(["put", "take", "add"]))
        place = data.draw(st.integers(0, len(pack) - 1))
        byte = data.draw(st.integers(0, 255) | st.sampled_from(list(b' "\\{}[],:0-1.eu')))
        if change == "put":
            pack[place] = byte
        elif change == "add":
            pack.insert(place, byte)
        else:
            del pack[place]
    try:
        found = read([bytes(pack)])
    except VerificationError:
        return
    assert written(found) == bytes(pack)


@given(st.binary(max_size=60) | st.text(st.sampled_from('{}[]",:\\u0"lines"a1-. '), max_size=60).map(str.encode))
@example(b'{"lines":[{"id":' + b"9" * 5000 + b"}]}")
@example(b'{"meta":' + b"9" * 5000 + b"}")
@example(b'{"meta":"\x00a"}')
def test_whatever_is_read_only_the_one_error_comes_of_it(pack: bytes) -> None:
    try:
        found = read([pack])
    except VerificationError:
        return
    assert written(found) == pack


@pytest.mark.parametrize(
    ("pack", "why"),
    [
        (b"", "byte 0 of the pack: the pack breaks off here: a pack begins with {"),
        (b"\xef\xbb\xbf{}", "byte 0 of the pack: a pack begins with {"),
        (b"[]", "byte 0 of the pack: a pack begins with {"),
        (b" {}", "byte 0 of the pack: a pack begins with {"),
        (b"{}\n", "byte 2 of the pack: the pack goes on after its end"),
        (b"{}{}", "byte 2 of the pack: the pack goes on after its end"),
        (b"{", "byte 1 of the pack: the pack breaks off here: here stands the name of a member"),
        (b'{"meta":1', "byte 9 of the pack: the pack breaks off in the middle of a value"),
        (b'{"meta":"a\\', "byte 10 of the pack: the pack breaks off in the middle of a value"),
        (b'{"meta":"', "byte 9 of the pack: the pack breaks off in the middle of a value"),
        (b'{"meta"', "byte 1 of the pack: here stands the name of a member"),
        (b'{"meta":1,', "byte 10 of the pack: the pack breaks off here: here stands the name of a member"),
        (b'{"meta":1,}', "byte 10 of the pack: here stands the name of a member: small letters, digits and _"),
        (b'{"Meta":1}', "byte 1 of the pack: here stands the name of a member"),
        (b'{"meta" :1}', "byte 1 of the pack: here stands the name of a member"),
        (b'{"meta":1]', "byte 9 of the pack: after a member there is a comma or the end of the pack"),
        (
            b'{"b":1,"a":2}',
            "byte 7 of the pack: the member “a” stands here after “b”; members stand once, in the order of the",
        ),
        (b'{"a":1,"a":2}', "byte 7 of the pack: the member “a” stands here twice; members stand once"),
        (b'{"meta":}', "byte 8 of the pack: this is not JSON"),
        (b'{"meta":[1,}]}', "byte 11 of the pack: this is not JSON"),
        (b'{"meta":{"a":[1}]}', "byte 15 of the pack: this is not JSON"),
        (b'{"meta":01}', "byte 9 of the pack: this is not JSON"),
        (b'{"meta":"\n"}', "byte 9 of the pack: this is not JSON"),
        (b'{"meta":"\\x41"}', "byte 9 of the pack: this is not JSON"),
        (b'{"meta": 1}', "byte 8 of the pack: this is not in canonical form (RFC 8785): names in order and once"),
        (b'{"meta":[1, 2]}', "byte 11 of the pack: this is not in canonical form"),
        (b'{"meta":{"b":1,"a":2}}', "byte 10 of the pack: this is not in canonical form"),
        (b'{"meta":{"a":1,"a":1}}', "byte 14 of the pack: this is not in canonical form"),
        (b'{"meta":-0}', "byte 8 of the pack: this is not in canonical form"),
        (b'{"meta":"\\u0041"}', "byte 9 of the pack: this is not in canonical form"),
        (b'{"meta":"\\/"}', "byte 9 of the pack: this is not in canonical form"),
        (b'{"meta":"\\u001F"}', "byte 14 of the pack: this is not in canonical form"),
        (b'{"meta":"\\ud83d\\ude00"}', "byte 9 of the pack: this is not in canonical form"),
        (b'{"meta":"\\ud83d"}', "byte 8 of the pack: a text has half of a character (a lone surrogate)"),
        (b'{"meta":1.0}', "byte 8 of the pack: this is a number with a fraction"),
        (b'{"meta":{"a":1e3}}', "byte 8 of the pack: a: this is a number with a fraction"),
        (b'{"meta":NaN}', "byte 8 of the pack: this is a number with a fraction"),
        (b'{"meta":[null]}', "byte 8 of the pack: [0]: this is empty"),
        (b'{"meta":true}', "byte 8 of the pack: this is a truth value"),
        (b'{"meta":9007199254740992}', "byte 8 of the pack: a number is beyond ±9,007,199,254,740,991"),
        (b'{"meta":' + b"9" * 5000 + b"}", "byte 8 of the pack: a number in this member has thousands of digits"),
        (b'{"meta":"\xff"}', "byte 9 of the pack: the pack is not UTF-8"),
        (b'{"meta":"\xed\xa0\x80"}', "byte 9 of the pack: the pack is not UTF-8"),
        (b'{"meta":"\xc0\xaf"}', "byte 9 of the pack: the pack is not UTF-8"),
        (b'{"meta":"\xe2\x82', "byte 9 of the pack: the pack is not UTF-8"),
        (b'{"lines":{}}', "byte 9 of the pack: this member is a list of rows and begins with ["),
        (b'{"lines":[1]}', "byte 10 of the pack: a row begins with {"),
        (b'{"lines":[{},]}', "byte 13 of the pack: a row begins with {"),
        (b'{"lines":[{}', "byte 12 of the pack: the pack breaks off here: after a row there is a comma or the end"),
        (b'{"lines":[{} ]}', "byte 12 of the pack: after a row there is a comma or the end of the list"),
        (b'{"lines":[{"id":1', "byte 10 of the pack: the pack breaks off in this row, or the row is not JSON"),
        (b'{"lines":[{"id":01}]}', "byte 10 of the pack: the pack breaks off in this row, or the row is not JSON"),
        (b'{"lines":[{"id": 1}]}', "byte 16 of the pack: this is not in canonical form"),
        (b'{"lines":[{"id":-0}]}', "byte 16 of the pack: this is not in canonical form"),
        (b'{"lines":[{"id":1,"batch":1}]}', "byte 12 of the pack: this is not in canonical form"),
        (b'{"lines":[{"id":1,"id":1}]}', "byte 17 of the pack: this is not in canonical form"),
        (b'{"lines":[{"id":1,"raw":"\\u00e9"}]}', "byte 25 of the pack: this is not in canonical form"),
        (b'{"lines":[{"id":null}]}', "byte 11 of the pack: this is not in canonical form"),
        (b'{"lines":[{"id":true}]}', "byte 10 of the pack: id: this is a truth value; a row holds only"),
        (b'{"lines":[{"id":1.0}]}', "byte 10 of the pack: id: this is a number with a fraction; a row holds only"),
        (b'{"lines":[{"id":[1]}]}', "byte 10 of the pack: id: this is a list; a row holds only"),
        (b'{"lines":[{"id":9007199254740992}]}', "byte 10 of the pack: id: a number is beyond ±9,007,199,254,740,991"),
        (b'{"lines":[{"raw":"\\ud800"}]}', "byte 10 of the pack: raw: a text has half of a character"),
        (b'{"lines":[{"Id":1}]}', "byte 10 of the pack: a name in this row is none that a column has: small letters"),
        (
            canonical({"lines": [{f"c{number}": number for number in range(65)}]}),
            "byte 10 of the pack: a row has more than 64 columns, the most that a pack holds",
        ),
        (
            b"{" + b",".join(f'"m{number:03}":1'.encode() for number in range(65)) + b"}",
            "byte 584 of the pack: the pack has more than 64 members",
        ),
    ],
)
def test_what_is_not_canonical_is_refused_with_its_byte(pack: bytes, why: str) -> None:
    assert refusal([pack]).startswith(why)
    assert refusal(one_by_one(pack)).startswith(why)


def test_rows_that_nobody_draws_are_read_all_the_same() -> None:
    assert [name for name, _ in read_members([written({"lines": [{"id": 1}], "meta": 1})], MANY)] == ["lines", "meta"]
    with pytest.raises(VerificationError, match="byte 20 of the pack: a row begins with"):
        list(read_members([b'{"lines":[{"id":12},3],"meta":1}'], MANY))


# --- made to hurt -----------------------------------------------------------------------------------------------------


class Costly:
    """Pieces of a gigabyte, and how much of it was read."""

    def __init__(self, head: bytes, again: bytes) -> None:
        self.read_bytes = 0
        self._pieces = chain([head], repeat(again * (MEGABYTE // len(again)), 1024))

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.read_bytes += len(piece)
            yield piece


@pytest.mark.parametrize(
    ("head", "again", "why", "most_read", "most_memory"),
    [
        (b"", b"[", "a pack begins with {", 2, 5),
        (b"", b'{"a":', "values stand more than 40 deep in one another", 2, 5),
        (b'{"', b"a", "here stands the name of a member", 2, 5),
        (b'{"meta":', b"[", "values stand more than 40 deep in one another", 2, 5),
        (b'{"meta":', b'{"a":', "values stand more than 40 deep in one another", 2, 5),
        (b'{"meta":"', b"x", "this member is longer than 33,554,432 bytes", 34, 45),
        (b'{"meta":', b"1", "this member is longer than 33,554,432 bytes", 34, 45),
        (b'{"meta":', b" ", "this member is longer than 33,554,432 bytes", 34, 45),
        (b'{"meta":"', b"\\n", "this member is longer than 33,554,432 bytes", 34, 45),
        (b'{"lines":', b"[", "a row begins with {", 2, 5),
        (b'{"lines":[', b'{"a":', "a row has lists or objects in it", 4, 12),
        (b'{"lines":[{"a":', b"[", "a row has lists or objects in it", 4, 12),
        (b'{"lines":[{"a":"', b"x", "a row is longer than 1,048,576 bytes", 4, 12),
        (b'{"lines":[{"a":', b"1", "a row is longer than 1,048,576 bytes", 4, 12),
        (b'{"lines":[{"a":', b" ", "a row is longer than 1,048,576 bytes", 4, 12),
        (b'{"lines":[],"meta":1}', b" ", "the pack goes on after its end", 2, 5),
    ],
)
def test_a_gigabyte_made_to_hurt_is_refused_soon_and_in_little_memory(
    head: bytes, again: bytes, why: str, most_read: int, most_memory: int
) -> None:
    pieces = Costly(head, again)
    tracemalloc.start()
    try:
        assert why in refusal(pieces)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert pieces.read_bytes <= most_read * MEGABYTE
    assert peak <= most_memory * MEGABYTE


@pytest.mark.parametrize("again", [b",[]", b",{}", b",1"])
def test_a_member_of_millions_of_values_is_refused_before_any_is_made(
    again: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("settlement.signoff.window.MOST_VALUES", 100_000)
    pieces = Costly(b'{"meta":[1', again)
    tracemalloc.start()
    try:
        assert refusal(pieces).endswith("there are more than 100,000 values in one member, the most that a pack holds")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert pieces.read_bytes <= 2 * MEGABYTE
    assert peak <= 5 * MEGABYTE


def test_endless_rows_are_read_one_by_one_in_little_memory() -> None:
    row = canonical({"id": 1, "raw": "x" * 200_000})
    pack = chain([b'{"lines":['], repeat(row + b",", 150), [row, b"]}"])
    tracemalloc.start()
    try:
        [(_, rows)] = [
            (name, sum(1 for _ in each)) for name, each in read_members(pack, MANY) if isinstance(each, Rows)
        ]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert rows == 151
    assert peak < 5 * MEGABYTE


def test_a_pack_handed_over_as_one_piece_is_not_held_twice() -> None:
    row = canonical({"id": 1, "raw": "x" * 500})
    pack = b'{"lines":[' + b",".join([row] * 20_000) + b"]}"
    tracemalloc.start()
    try:
        list(read_members([pack], MANY))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * MEGABYTE


def test_a_row_of_a_megabyte_is_read_and_a_longer_one_refused() -> None:
    most = "x" * (packfile.LARGEST_ROW_BYTES - len('{"raw":""}'))
    assert read([written({"lines": [{"raw": most}]})]) == {"lines": [{"raw": most}]}
    longer = canonical({"raw": most + "x"})
    assert refusal([b'{"lines":[' + longer + b"]}"]) == (
        "byte 10 of the pack: a row is longer than 1,048,576 bytes, the most that a pack holds"
    )
    with pytest.raises(VerificationError, match="lines: a row is longer than 1,048,576 bytes"):
        list(pack_bytes([("lines", Many([longer]))]))


# --- writing ----------------------------------------------------------------------------------------------------------


def test_pieces_are_neither_small_nor_large() -> None:
    rows = [canonical({"id": number, "raw": "x" * 1000}) for number in range(2000)]
    pieces = list(pack_bytes([("lines", Many(rows)), ("meta", Whole("y" * 3 * MEGABYTE))]))
    assert max(map(len, pieces)) <= MEGABYTE
    assert len(pieces) < 20
    assert len(b"".join(pieces)) > 4.9 * MEGABYTE


def test_a_member_out_of_order_or_with_no_name_is_not_written() -> None:
    for names in (["b", "a"], ["a", "a"], ["A"], [""], [f"m{number:03}" for number in range(65)]):
        with pytest.raises(AssertionError, match="is no name, is out of order, or is one more than 64"):
            list(pack_bytes((name, Whole(1)) for name in names))


def test_a_member_larger_than_a_reader_takes_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packfile, "LARGEST_MEMBER_BYTES", 10)
    with pytest.raises(
        VerificationError, match="meta: this member is longer than 10 bytes, the most that a pack holds"
    ):
        list(pack_bytes([("meta", Whole("x" * 9))]))


def test_the_deepest_value_that_is_written_is_read() -> None:
    value: Any = 1
    for _ in range(DEEPEST):
        value = {"a": value}
    assert read([written({"meta": value})]) == {"meta": value}


def test_a_digest_is_taken_of_what_goes_by() -> None:
    digest = PackDigest()
    pack = b"".join(digest.tee([b'{"meta"', b":1}"]))
    assert (
        (digest.sha256, digest.size_bytes)
        == (hashlib.sha256(pack).hexdigest(), len(pack))
        == (
            hashlib.sha256(b'{"meta":1}').hexdigest(),
            10,
        )
    )

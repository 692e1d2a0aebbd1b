"""Which 32 bytes are a public key that Ed25519 makes (RFC 8032, section 5.1).

OpenSSL takes any 32 bytes for a public key. Eight points of the curve have a small order, and under them anybody can
make a signature that fits many texts, with no private key at all; other bytes are no point, or write one in a second
way. What a private key makes lies in the group of prime order, is not its zero, and is written in one way.
"""

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_SIGN = 1 << 255
_LENGTH_BYTES = 32

_Point = tuple[int, int, int, int]
"""X, Y, Z and T with x = X/Z, y = Y/Z and xy = T/Z."""

_ZERO: _Point = (0, 1, 1, 0)


def is_public_key(raw: bytes) -> bool:
    """Whether these bytes are a public key that some private key has."""
    point = _decoded(raw)
    return point is not None and not _is_zero(point) and _is_zero(_times(_ORDER, point))


def _decoded(raw: bytes) -> _Point | None:
    """The point that the bytes write in the one right way (RFC 8032, 5.1.3), or None."""
    if len(raw) != _LENGTH_BYTES:
        return None
    number = int.from_bytes(raw, "little")
    is_odd, y = bool(number & _SIGN), number & (_SIGN - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if x * x % _P != square or (x == 0 and is_odd):
        return None
    if x & 1 != is_odd:
        x = _P - x
    return x, y, 1, x * y % _P


def _is_zero(point: _Point) -> bool:
    x, y, z, _ = point
    return x == 0 and y == z


def _times(factor: int, point: _Point) -> _Point:
    total = _ZERO
    while factor:
        if factor & 1:
            total = _sum(total, point)
        point = _sum(point, point)
        factor >>= 1
    return total


def _sum(one: _Point, other: _Point) -> _Point:
    """The sum of two points, the same or not (RFC 8032, 5.1.4)."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P

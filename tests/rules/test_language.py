"""Messages are said in the language spoken, by this thread, for as long as it is spoken; lists and days with them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from rules.english import OR, day, listed, month
from rules.language import ENGLISH, message, say, say_before, say_many, speaking, spoken


class Shouted:
    """A language of capitals: `AND` is `ANDN` before an N, as some words are in some languages."""

    language = "x-shouted"

    def message(self, english: str) -> str:
        if english == "It pays {amount} to {receiver}.":
            return "TO {receiver} IT PAYS {amount}."
        return english.upper()

    def plural(self, one: str, many: str, count: int) -> str:
        assert (one, many) == ("{count} line", "{count} lines of {of}")
        return {0: "NO LINES", 1: "ONE LINE", 2: "A PAIR OF LINES"}.get(count, "{count} OF LINES, {of}")

    def before(self, word: str, following: str) -> str:
        return f"{word}N" if following.startswith("N") else word


def test_english_is_said_as_it_stands() -> None:
    assert spoken() == ENGLISH
    assert say("It pays {amount} to {receiver}.", amount="£1.00", receiver="A") == "It pays £1.00 to A."
    assert say_many("{count} line", "{count} lines", 1) == "1 line"
    assert say_many("{count} line", "{count} lines", 0) == "0 lines"
    assert say_many("{number} line", "{number} lines", 2000, number="2,000") == "2,000 lines"
    assert say_before("and", "eight") == "and"
    assert message("Net due") == "Net due"


def test_a_language_puts_values_in_its_own_order_and_counts_by_its_own_rules() -> None:
    with speaking(Shouted()):
        assert spoken() == "x-shouted"
        assert say("It pays {amount} to {receiver}.", amount="£1.00", receiver="A") == "TO A IT PAYS £1.00."
        said = [say_many("{count} line", "{count} lines of {of}", count, of="F") for count in range(4)]
        assert said == ["NO LINES", "ONE LINE", "A PAIR OF LINES", "3 OF LINES, F"]
        assert message("Net due") == "Net due"
    assert spoken() == ENGLISH
    assert say("Net due") == "Net due"


def test_what_is_put_in_is_never_read_as_a_message() -> None:
    with speaking(Shouted()):
        assert (
            say("It pays {amount} to {receiver}.", amount="{receiver}", receiver="{x}") == "TO {x} IT PAYS {receiver}."
        )
    assert say("Only {braces}") == "Only {braces}"


def test_a_language_within_another_ends_with_it_even_if_something_fails() -> None:
    def fail_speaking() -> None:
        with speaking(Shouted()), speaking(None):
            assert say("Net due") == "Net due"
            raise LookupError

    with speaking(Shouted()):
        with pytest.raises(LookupError):
            fail_speaking()
        assert say("Net due") == "NET DUE"
    assert spoken() == ENGLISH


def test_threads_each_speak_their_own() -> None:
    together = Barrier(2)

    def told(number: int) -> list[str]:
        with speaking(Shouted() if number else None):
            said = []
            for _ in range(20):
                together.wait(timeout=10)
                said.append(say("Net due"))
            return said

    with ThreadPoolExecutor(2) as pool:
        english, shouted = pool.map(told, range(2))
    assert set(english) == {"Net due"}
    assert set(shouted) == {"NET DUE"}


def test_lists_and_days_are_said_too() -> None:
    assert (listed("AB"), listed("ABC", OR), listed([])) == ("A and B", "A, B or C", "")
    assert (day(date(2022, 7, 1)), month(date(2022, 7, 1))) == ("1 July 2022", "July 2022")
    with speaking(Shouted()):
        assert (listed("AB"), listed("AN"), listed("ABN", OR)) == ("A AND B", "A ANDN N", "A, B ORN N")
        assert (day(date(2022, 7, 1)), month(date(2022, 7, 1))) == ("1 JULY 2022", "JULY 2022")

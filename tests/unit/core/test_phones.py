"""Telephone numbers, made comparable."""

from __future__ import annotations

import subprocess
import sys

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core.phones import phone_key

SANNE = "+31612345678"


@pytest.mark.parametrize(
    "text",
    [
        "06-12345678",
        "0612345678",
        " 06 12 34 56 78 ",
        "06.12.34.56.78",
        "06\u201312345678",  # a dash that is no hyphen
        "0031612345678",
        "00310612345678",
        "+31612345678",
        "+31 (0)6 12345678",
        "+31(0)612345678",
        "(+31) 6 12345678",
        "+310612345678",
        "31612345678",
        "310612345678",
        "612345678",
        "612345678.0",  # through a spreadsheet
        "\u202a+31\u00a06\u00a012345678\u202c",  # copied from a telephone
        "\uff10\uff16\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",  # full-width digits
    ],
)
def test_one_dutch_mobile_has_one_key_however_it_is_written(text: str) -> None:
    assert phone_key(text) == SANNE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("020-1234567", "+31201234567"),
        ("(020) 123 45 67", "+31201234567"),
        ("31201234567", "+31201234567"),
        ("085-1234567", "+31851234567"),  # internet telephony
        ("+32 470 12 34 56", "+32470123456"),
        ("0032470123456", "+32470123456"),
        ("+32 (0)470 12 34 56", "+32470123456"),
        ("+49 (0)30 901820", "+4930901820"),
        ("+49 1512 3456789", "+4915123456789"),
    ],
)
def test_other_lines_are_read_by_their_country(text: str, expected: str) -> None:
    assert phone_key(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "  ",
        "onbekend",
        "06-12345678 (thuis)",  # letters would be read as digits
        "06-12345678 / 020-1234567",
        "06-12345678, 020-1234567",
        "06-12345678 of 06-87654321",
        "3,16E+10",
        "3.16E+10",
        "tel:+31612345678",
        "0612345678 x12",
        "06-1234567",  # a digit short
        "06-123456789",
        "0600000000",
        "0900-1234",  # premium
        "0800-1234",  # free
        "088-1234567",  # a company
        "+31666000000",
        "14 020",
        "112",
        "+",
        "++31612345678",
        "0612345678+",
        "+44 7700 900123",  # kept for films
        "32470123456",  # no plus: which country is a guess
        "0" * 300,
    ],
)
def test_what_is_no_single_line_of_a_person_has_no_key(text: str | None) -> None:
    assert phone_key(text) is None


def test_a_number_without_country_is_read_in_the_region_given() -> None:
    assert phone_key("0470 12 34 56", "BE") == "+32470123456"
    assert phone_key("06-12345678", "BE") is None


@given(st.integers(0, 10**9 - 1), st.sampled_from(["0", "+31", "0031", "31", "", "+310"]))
def test_the_short_way_says_what_the_library_says(number: int, prefix: str) -> None:
    text = f"{prefix}{number:09}"

    assert phone_key(text) == by_library(text)


def by_library(text: str) -> str | None:
    try:
        parsed = phonenumbers.parse(text, "NL")
    except phonenumbers.NumberParseException:
        return None
    own = phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) in (0, 1, 2, 6)
    return phonenumbers.format_number(parsed, 0) if own else None


@given(st.text(max_size=40) | st.text("+0123456789 ()-./", max_size=20))
def test_any_text_is_survived_and_a_key_is_its_own_key(text: str) -> None:
    key = phone_key(text)

    assert key is None or phone_key(key) == key


def test_the_library_is_loaded_only_for_numbers_that_need_it() -> None:
    code = (
        "import sys; from sync.core.phones import phone_key; "
        "phone_key('06-12345678'); print('phonenumbers' in sys.modules); "
        "phone_key('020-1234567'); print('phonenumbers' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\nTrue\n"

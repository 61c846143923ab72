"""Delimited text to records: where each starts, what a bad quote costs, and how lines end."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.gtm.crm.importing.csv_reader import CsvReader, Record

# Each text with its records: line, cells, and whether a quote is broken.
CASES: dict[str, list[tuple[int, list[str], bool]]] = {
    "": [],
    "\n\r\n\r": [],
    "a,b": [(1, ["a", "b"], False)],
    "a,b\nc,d\n": [(1, ["a", "b"], False), (2, ["c", "d"], False)],
    "a\r\nb\rc\nd": [(n, [c], False) for n, c in enumerate("abcd", 1)],
    "a\n\nb": [(1, ["a"], False), (3, ["b"], False)],
    " \n,\n": [(1, [" "], False), (2, ["", ""], False)],
    '""\n': [(1, [""], False)],
    '"a,b",c\n': [(1, ["a,b", "c"], False)],
    '"a ""b""",c\n': [(1, ['a "b"', "c"], False)],
    'a "b",c"d\n': [(1, ['a "b"', 'c"d'], False)],
    '"a\nb\r\nc\rd",e\nf\n': [(1, ["a\nb\r\nc\rd", "e"], False), (5, ["f"], False)],
    '"a"b,c\nd\n': [(1, ['"a"b', "c"], True), (2, ["d"], False)],
    '"a" ,c\nd\n': [(1, ['"a" ', "c"], True), (2, ["d"], False)],
    'x,"a,b\nc,d\n': [(1, ["x", '"a', "b"], True), (2, ["c", "d"], False)],
    'x,"a\ny,"b"\nz': [(1, ["x", '"a'], True), (2, ["y", "b"], False), (3, ["z"], False)],
    'x,"a""\ny': [(1, ["x", '"a""'], True), (2, ["y"], False)],
    '"': [(1, ['"'], True)],
    'a,"b': [(1, ["a", '"b'], True)],
    "a,\0\n": [(1, ["a", "\0"], False)],
}


@pytest.mark.parametrize(("text", "wanted"), CASES.items())
def test_records(text: str, wanted: list[tuple[int, list[str], bool]]) -> None:
    assert list(CsvReader(text, ",")) == [Record(*one) for one in wanted]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter(delimiter: str) -> None:
    text = f'a{delimiter}"b{delimiter}c"{delimiter}\n'
    assert list(CsvReader(text, delimiter)) == [Record(1, ["a", f"b{delimiter}c", ""])]


def test_line_ends_inside_quotes_are_no_line_ends_of_the_file() -> None:
    reader = CsvReader('a,"b\nc"\r"d\r\ne"\r', ",")
    assert [record.line for record in reader] == [1, 3]
    assert reader.ends == {"\r"}


def test_a_cell_longer_than_the_library_takes() -> None:
    long = "x" * 200_000
    assert list(CsvReader(f'"{long}",b\n', ",")) == [Record(1, [long, "b"])]


_CELLS = st.lists(st.text(st.sampled_from('ab"\n\r,;ü\0 '), max_size=6), min_size=1, max_size=4)


@given(st.lists(_CELLS, max_size=6))
def test_what_the_library_writes_is_read_back(table: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(table)
    reader = CsvReader(out.getvalue(), ",")
    assert [record.cells for record in reader] == table
    assert not any(record.broken for record in reader)


@given(st.text(st.sampled_from('ab",\n\r')))
def test_no_line_is_lost_whatever_the_quotes_are(text: str) -> None:
    """A record starts on a line with characters, in order; only quoted cells span lines."""
    lines = io.StringIO(text, newline=None).read().split("\n")
    found = list(CsvReader(text, ","))
    numbers = [record.line for record in found]
    assert numbers == sorted(set(numbers))
    assert all(lines[number - 1] for number in numbers)
    spanned = set(numbers)
    for record in found:
        inner = io.StringIO("".join(record.cells), newline=None).read().count("\n")
        spanned |= set(range(record.line, record.line + inner + 1))
    assert all(number in spanned for number, line in enumerate(lines, 1) if line)


@given(st.text(st.sampled_from("ab,")), st.text(st.sampled_from("ab,\n")))
def test_one_bad_quote_costs_one_line(line: str, below: str) -> None:
    first, *others = CsvReader(f'x,"{line}\n{below}', ",")
    assert (first.line, first.broken) == (1, True)
    assert [record.cells for record in others] == [record.cells for record in CsvReader(below, ",")]

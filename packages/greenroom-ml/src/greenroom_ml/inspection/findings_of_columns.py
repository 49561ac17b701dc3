# SPDX-License-Identifier: Apache-2.0
"""What single columns show: indexes, identifiers, codes, dates, odd cells."""

from __future__ import annotations

import re
from typing import Iterator

from greenroom_ml.inspection.column_kinds import (
    MIN_NUMBERS,
    NUMBERED,
    has_id_name,
    is_identifier,
    is_index,
    is_repeated_id,
    is_split,
    is_surely_repeated,
)
from greenroom_ml.tables.moments import day_first, is_numeric_date
from greenroom_ml.tables.table_cells import Cells, Finding, TableCells

# 76 (+1), [98], 12%: a number and a note.
NOTED_NUMBER = re.compile(
    r"[\[(]?[-+]?\d{1,30}(\.\d{1,30})?([eE][-+]?\d{1,3})?[\])]?"
    r"( ?\([^()]{1,12}\)| ?[%*†‡]{1,9})?$"
)
TWO_LETTERS = re.compile(r"[A-Z]{2}$")
# Where numbers repeat more often, it is said and no more.
NEARLY_ALL = 0.95
MAX_UNREADABLE = 50


def find_in_columns(table: TableCells) -> list[Finding]:
    """Return what each feature shows; of what names a row or group, one thing each."""
    findings: list[Finding] = []
    for cells in table.features.values():
        findings.extend(_of(cells, table))
    unique = [cells.name for cells in table.features.values() if cells.is_prose]
    named = {name for finding in findings for name in finding.columns}
    unique = [name for name in unique if name not in named]
    if unique:
        findings.append(
            Finding(
                "unique-text",
                tuple(unique),
                {name: table.features[name].distinct for name in unique},
                f"The texts differ in most rows: {_listing(unique)}.",
                "They are not learnt from; make a column of what they have in common, "
                "in features.py, to learn from that",
            )
        )
    return findings


def _of(cells: Cells, table: TableCells) -> Iterator[Finding]:
    if cells.distinct <= 1 and not 0 < len(cells.filled) < len(cells.texts):
        yield _constant(cells)
        return
    if is_split(cells):
        yield _author_split(cells)
    elif is_index(cells):
        yield _index(cells)
    elif is_repeated_id(cells):
        yield _repeated_id(cells)
    elif is_identifier(cells):
        yield _identifier(cells)
    elif _is_zero_padded(cells):
        yield Finding(
            "zero-padded-code",
            (cells.name,),
            {"example": cells.filled[cells.filled.str.startswith("0")].iloc[0]},
            f"{cells.name} holds codes of digits, some with zeros before them.",
            "It is learnt from as text, the zeros kept; as number it would lose them",
        )
    yield from _of_cells(cells)


def _of_cells(cells: Cells) -> Iterator[Finding]:
    """What single cells show, whatever the column is for."""
    if _has_na_for_a_value(cells):
        rows = int((cells.texts == "NA").sum())
        yield Finding(
            "na-as-value",
            (cells.name,),
            {"rows": rows, "distinct": cells.distinct},
            f"{cells.name} holds codes of two letters, and NA in {rows:,} rows: a code "
            "(Namibia, North America, sodium) or nothing?",
            "Say: take NA out of csv.missing in data/schema.json if it is a code; "
            f"then put {cells.name} in data.keep",
            stops=True,
        )
    if is_numeric_date(cells.filled) and day_first(cells.filled) is None:
        yield Finding(
            "ambiguous-date",
            (cells.name,),
            {"example": cells.filled.iloc[0]},
            f"{cells.name} holds dates like {cells.filled.iloc[0]}, whose first number "
            "is the day or the month, and no cell tells.",
            "Write its format in data/schema.json (%d/%m/%Y or %m/%d/%Y) and put "
            f"{cells.name} in data.keep",
            stops=True,
        )
    odd = _unreadable(cells)
    if odd:
        shown = ", ".join(f"{text!r} in row {row}" for row, text in odd[:5])
        yield Finding(
            "unreadable-cells",
            (cells.name,),
            {"cells": len(odd), "filled": len(cells.filled), "first": odd[:5]},
            f"{cells.name} holds numbers but for {len(odd):,} of "
            f"{len(cells.filled):,} cells: {shown}{', …' if len(odd) > 5 else ''}.",
            "These are taken for missing; write them as numbers to learn from them",
        )


def _is_zero_padded(cells: Cells) -> bool:
    if not cells.is_integer:
        return False
    padded = cells.filled.str.match(r"0\d\d+$")
    return bool(padded.any() and cells.filled.str.len().nunique() == 1)


def _has_na_for_a_value(cells: Cells) -> bool:
    if not (cells.texts == "NA").any():
        return False
    return cells.distinct >= 4 and bool(cells.filled.str.match(TWO_LETTERS).all())


def _unreadable(cells: Cells) -> list[tuple[int, str]]:
    """Return row, as a spreadsheet counts, and text of cells that are no numbers."""
    wrong = cells.filled[cells.numbers.isna()]
    if wrong.empty or cells.is_date:
        return []
    distinct = cells.numbers.nunique()
    few = wrong.nunique() <= MAX_UNREADABLE and len(wrong) <= 0.5 * len(cells.filled)
    noted = cells.filled.str.match(NOTED_NUMBER).mean() >= 0.9
    many = distinct if not noted else cells.distinct
    if many < MIN_NUMBERS or not (few or noted):
        return []
    return [(at + 2, text) for at, text in zip(wrong.index.tolist(), wrong)]


def _constant(cells: Cells) -> Finding:
    empty = cells.distinct == 0
    said = "is empty" if empty else f"is {cells.filled.iloc[0]!r} in every row"
    return Finding(
        "constant-column",
        (cells.name,),
        {},
        f"{cells.name} {said}.",
        "Nothing can be learnt from it; put it in data.leave_out",
    )


def _author_split(cells: Cells) -> Finding:
    return Finding(
        "split-column",
        (cells.name,),
        {"values": cells.filled.value_counts().to_dict()},
        f"{cells.name} says which rows the table's author trained and tested on.",
        f"Put {cells.name} in data.leave_out, or in data.keep if it is no split",
        stops=True,
    )


def _index(cells: Cells) -> Finding:
    name = cells.name or "The first column"
    return Finding(
        "index-column",
        (cells.name,),
        {"distinct": cells.distinct},
        f"{name} counts the rows, and a new row tells nothing by its number.",
        f"Put {cells.name!r} in data.leave_out, or in data.keep if it is a measure",
        stops=True,
    )


def _repeated_id(cells: Cells) -> Finding:
    each = len(cells.filled) / cells.distinct
    return Finding(
        "repeated-id",
        (cells.name,),
        {"distinct": cells.distinct, "rows_each": round(each, 2)},
        f"{cells.name} has {cells.distinct:,} values with {each:.3g} rows each: rows "
        "of one are alike, and a split by rows has some in training and some held out.",
        f"Set split.by: group and split.column: {cells.name}; or put {cells.name} in "
        "data.keep if new rows will be of the same, or if it means something else",
        stops=is_surely_repeated(cells),
    )


def _identifier(cells: Cells) -> Finding:
    return Finding(
        "id-column",
        (cells.name,),
        {"distinct": cells.distinct, "filled": len(cells.filled)},
        f"{cells.name} looks like an identifier: {cells.distinct:,} different whole "
        f"numbers in {len(cells.filled):,} rows.",
        f"Put {cells.name} in data.leave_out, or in data.keep if it measures something",
        stops=cells.distinct >= NEARLY_ALL * len(cells.filled)
        or (has_id_name(cells.name) and not NUMBERED.search(cells.name.strip())),
    )


def _listing(names: list[str]) -> str:
    return ", ".join(names[:10]) + (", …" if len(names) > 10 else "")

# SPDX-License-Identifier: Apache-2.0
"""What single columns show: indexes, identifiers, codes, dates, odd cells."""

from __future__ import annotations

import re
from typing import Iterator

import numpy as np

from greenroom_ml.tables.moments import TIME_NAME, day_first, is_numeric_date
from greenroom_ml.tables.table_cells import Cells, Finding, TableCells

NO_NAME = re.compile(r"(unnamed: ?\d+)?$|(row[._ ]?(names?|id|num(ber)?)|index)$", re.I)
# customer_id, customerId, "Individual ID", pid, id: and no word that ends in id.
ID_NAME = re.compile(
    r"(.*[_ .-])?(id|ids|uuid|guid|key|nr|no|number|code)$|"
    r"[a-z]{0,2}id$|.*[_ .-]id[_ .-]",
    re.IGNORECASE,
)
CAMEL_ID = re.compile(r".*[a-z](Id|ID|Key|No)$")
NO_ID = frozenset({"aid", "bid", "kid", "lid", "did", "void", "acid", "grid"})
ENTITY = re.compile(
    r"(.*[_ .-])?(individual|person|patient|subject|participant|respondent|customer|"
    r"client|user|member|household|family|student|pupil|child|animal|chick|rat|litter)"
    r"s?$",
    re.IGNORECASE,
)
SPLIT_NAME = re.compile(
    r"(is_?)?(train|test|testid|training|split|holdout|in_?sample|validation)(_?set)?$|"
    r"(cv_?)?folds?$|(data_?)?(set|partition|subset|sample)$",
    re.IGNORECASE,
)
SPLIT_WORDS = frozenset(
    "train training learn learning test testing valid validation validate val dev eval "
    "holdout hold-out".split()
)
# 76 (+1), [98], 12%: a number and a note.
NOTED_NUMBER = re.compile(
    r"[\[(]?[-+]?\d+(\.\d+)?([eE][-+]?\d+)?[\])]?( ?\([^()]{1,12}\)| ?[%*†‡]+)?$"
)
TWO_LETTERS = re.compile(r"[A-Z]{2}$")
# A column that counts so many different values at least is no cycle of days or weeks.
LONGER_THAN_A_YEARS_WEEKS = 53
MIN_NUMBERS = 20
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


def is_index(cells: Cells) -> bool:
    """Whether the column counts the rows, perhaps anew in each part of the table."""
    if not cells.is_integer or len(cells.filled) < len(cells.texts):
        return False
    numbers = cells.numbers.to_numpy()
    steps = np.diff(numbers) == 1
    if NO_NAME.match(cells.name.strip()):
        return cells.distinct == len(numbers)
    if len(steps) < MIN_NUMBERS or is_years(cells):
        return False
    counts_all = cells.distinct == len(numbers)
    counts_parts = cells.distinct > LONGER_THAN_A_YEARS_WEEKS
    return bool(steps.mean() >= 0.9 and (counts_all or counts_parts))


def is_years(cells: Cells) -> bool:
    """Whether the column holds years."""
    return cells.is_integer and bool(cells.numbers.between(1500, 2200).all())


def has_id_name(name: str) -> bool:
    """Whether the column is called as identifiers are."""
    name = name.strip()
    return name.lower() not in NO_ID and bool(
        ID_NAME.match(name) or CAMEL_ID.match(name)
    )


def is_repeated_id(cells: Cells) -> bool:
    """Whether several rows are of one person, family, order, …: by name or by runs."""
    rows = len(cells.filled)
    if cells.distinct < 8 or rows < 1.5 * cells.distinct or cells.is_date:
        return False
    if is_years(cells) or (cells.is_number and not cells.is_integer):
        return False
    name = cells.name.strip()
    named = has_id_name(name) or bool(ENTITY.match(name))
    if named and not re.search("code|number|no$|nr$|zip|post", name, re.I):
        # One value in many rows is what stands for none: a reference to others.
        largest = cells.filled.value_counts().iloc[0]
        return cells.distinct >= 0.02 * rows and largest <= max(0.1 * rows, 10)
    if TIME_NAME.match(name):
        return False
    runs = cells.run_lengths
    usual = np.bincount(runs).argmax()
    return bool(
        len(runs) == cells.distinct and usual > 1 and (runs == usual).mean() >= 0.8
    )


def is_identifier(cells: Cells) -> bool:
    """Whether whole numbers name rows, or refer to others, and measure nothing."""
    if not cells.is_integer or len(cells.filled) < MIN_NUMBERS or is_years(cells):
        return False
    rows, numbers = len(cells.filled), cells.numbers
    if has_id_name(cells.name):
        return cells.distinct >= max(MIN_NUMBERS, 0.1 * rows)
    span = float(numbers.max() - numbers.min() + 1)
    return rows >= 50 and cells.distinct >= 0.95 * rows and span <= 2 * cells.distinct


def is_split(cells: Cells) -> bool:
    """Whether the author of the table has split it for training and testing."""
    words = {text.lower() for text in cells.filled.unique()[:20]}
    if not words or cells.distinct > 20:
        return False
    if words <= SPLIT_WORDS and len(words) > 1:
        return True
    match = SPLIT_NAME.match(cells.name.strip())
    if not match:
        return False
    if re.search("fold", cells.name, re.I):
        return cells.is_integer and cells.distinct > 1
    if re.search("set|sample|partition|split", cells.name, re.I):
        return words <= SPLIT_WORDS
    return words <= {"true", "false", "0", "1", "t", "f", "yes", "no", "y", "n"}


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
        stops=True,
    )


def _identifier(cells: Cells) -> Finding:
    return Finding(
        "id-column",
        (cells.name,),
        {"distinct": cells.distinct, "filled": len(cells.filled)},
        f"{cells.name} looks like an identifier: {cells.distinct:,} different whole "
        f"numbers in {len(cells.filled):,} rows.",
        f"Put {cells.name} in data.leave_out, or in data.keep if it measures something",
        stops=True,
    )


def _listing(names: list[str]) -> str:
    return ", ".join(names[:10]) + (", …" if len(names) > 10 else "")

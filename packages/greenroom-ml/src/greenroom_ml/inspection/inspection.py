# SPDX-License-Identifier: Apache-2.0
"""What a person should know of a table before a model learns from it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from greenroom_ml.errors import PipelineError
from greenroom_ml.inspection.findings_of_columns import find_in_columns
from greenroom_ml.inspection.findings_of_rows import find_in_rows
from greenroom_ml.inspection.findings_of_target import find_in_target
from greenroom_ml.tables.table_cells import Finding, TableCells

DELIMITERS = (",", ";", "\t", "|")
HEAD_ROWS = 200
PADDED_QUOTE = re.compile(r'[,;\t|] +"')


def inspect_table(
    cells: pd.DataFrame,
    target: str,
    task: str,
    metric: str | None = None,
    threshold: float | None = None,
    decimal: str = ".",
    thousands: str = "",
) -> list[Finding]:
    """Return what is to be known of a table, what needs a person's choice first.

    `cells` best holds texts, as the file has them (`read_cells`): of numbers and dates
    that were read already, nobody can say how they were written. `metric` and
    `threshold`: the gate's, to be held against the classes' counts. Raise PipelineError
    if the target is no column.
    """
    if target not in cells:
        raise PipelineError(
            f"data.target: there is no column {target!r}; the table has "
            f"{', '.join(map(str, cells.columns))}"
        )
    table = TableCells(cells, target, task, decimal, thousands)
    of_columns = find_in_columns(table)
    named = {name for finding in of_columns for name in finding.columns}
    of_rows = find_in_rows(table, named)
    named |= {name for each in of_rows for name in each.columns}
    in_time = any(each.code == "time-order" for each in of_rows)
    of_target = find_in_target(table, metric, threshold, named, in_time)
    findings = [*of_columns, *of_rows, *of_target]
    return sorted(findings, key=lambda finding: not finding.stops)


def unanswered(
    findings: list[Finding],
    leave_out: Mapping[str, Any],
    keep: Mapping[str, Any],
    split_by: str = "rows",
    split_column: str | None = None,
) -> list[Finding]:
    """Return the findings that stop the run: nobody has chosen what to do.

    A choice stands in config.yaml: in `data.keep`, by the finding's code or by its
    columns, or in `data.leave_out` by its columns. Leaving out a column does not undo
    what it shows of the rows: their order in time is answered by `split.by: time`, and
    rows of one person by `split.by: group`, or both by `data.keep`. Of columns that
    give the target away together, one has to be left out.
    """

    def is_answered(finding: Finding) -> bool:
        columns = set(finding.columns)
        if finding.code in keep or (columns and columns <= set(keep)):
            return True
        if finding.code == "time-order":
            return split_by == "time"
        if finding.code == "repeated-id":
            # Only one column is split by; others may be left out then.
            by_group = split_by == "group"
            return by_group and columns <= {split_column, *leave_out}
        if finding.code == "decides-target" and columns & set(leave_out):
            return True
        return bool(columns) and columns <= {*leave_out, *keep}

    return [each for each in findings if each.stops and not is_answered(each)]


def read_cells(
    path: Path, delimiter: str | None = None, encoding: str | None = None
) -> tuple[pd.DataFrame, list[Finding]]:
    """Read a table as texts; return it with what is to be known of the file itself.

    Nothing is taken for missing, and padding before a quotation mark is no text.
    Without `delimiter` it is the one that cuts most of the first rows into as many
    cells as the header has. Raise PipelineError for a file separated by spaces, with
    the remedy.
    """
    content = path.read_bytes()
    text = _decoded(content, encoding)
    head = text.splitlines()[:HEAD_ROWS]
    delimiter = delimiter or _delimiter(head)
    if delimiter is None:
        raise PipelineError(
            f"{path.name} is separated by spaces, which a cell may hold itself: write "
            "it with commas, for example pandas.read_csv(file, sep=r'\\s+').to_csv("
            "file, index=False)"
        )
    try:
        frame = pd.read_csv(
            io.StringIO(text),
            sep=delimiter,
            dtype=str,
            keep_default_na=False,
            skipinitialspace=True,
            index_col=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise PipelineError(f"{path.name} is not a table: {error}") from error
    frame.columns = frame.columns.str.strip()
    findings = []
    if any(PADDED_QUOTE.search(line) for line in head):
        findings.append(
            Finding(
                "padded-quotes",
                (),
                {},
                "Some cells have spaces before their quotation mark.",
                "They are read as quoted; write the file without the spaces to have it "
                "read so everywhere",
            )
        )
    return frame, findings


def _decoded(content: bytes, encoding: str | None) -> str:
    if encoding and encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        # A byte order mark is no part of the first header.
        encoding = "utf-8-sig"
    for name in [encoding] if encoding else ["utf-8-sig", "latin-1"]:
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
    raise PipelineError(f"The table is not {encoding}")


def _delimiter(head: list[str]) -> str | None:
    """Return the delimiter; none if rows are separated by spaces."""
    best, most = ",", 1
    for delimiter in DELIMITERS:
        rows = list(csv.reader(head, delimiter=delimiter, skipinitialspace=True))
        width = len(rows[0]) if rows else 0
        fitting = sum(len(row) == width for row in rows)
        if width > most and fitting >= 0.9 * len(rows):
            best, most = delimiter, width
    words = [len(line.split()) for line in head if line.strip()]
    # R writes the names of rows without a header.
    spaced = sum(count in (words[0], words[0] + 1) for count in words) if words else 0
    if most == 1 and len(words) > 1 and words[1] > 1 and spaced >= 0.9 * len(words):
        return None
    return best

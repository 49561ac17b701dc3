"""What the repository's own table shows, and whether a person has answered to it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from greenroom_ml.config import Config
from greenroom_ml.errors import PipelineError
from greenroom_ml.inspection.inspection import inspect_table, read_cells, unanswered
from greenroom_ml.schema import load_schema
from greenroom_ml.tables.table_cells import Finding


def inspect(config: Config) -> list[Finding]:
    """Return the findings of the table; none for a data set of scikit-learn."""
    if config.csv_file is None or not config.csv_file.is_file():
        return []
    gate = config.gate
    return list(
        _inspected(
            config.csv_file,
            config.csv_file.stat().st_mtime_ns,
            config.target,
            config.task,
            gate.metric,
            gate.threshold,
        )
    )


@lru_cache(maxsize=1)
def _inspected(
    path: Path, changed: int, target: str, task: str, metric: str, threshold: float
) -> tuple[Finding, ...]:
    # `changed` is there for the cache alone.
    schema = load_schema(path.parent / "schema.json", target)
    cells, of_file = read_cells(path, schema.delimiter, schema.encoding)
    known = [column.name for column in schema.columns if column.name in cells]
    if target not in known:
        return tuple(of_file)
    of_table = inspect_table(
        cells[known],
        target,
        task,
        metric,
        threshold,
        schema.decimal,
        schema.thousands,
    )
    return (*of_file, *of_table)


def to_say(findings: list[Finding], config: Config) -> list[Finding]:
    """Return the findings without those of columns that are left out already."""
    left_out = set(config.data.leave_out)
    return [
        finding
        for finding in findings
        if not finding.columns or set(finding.columns) - left_out
    ]


def expect_answered(findings: list[Finding], config: Config) -> None:
    """Raise PipelineError with the findings that nobody has chosen about."""
    data, split = config.data, config.split
    left = unanswered(findings, data.leave_out, data.keep, split.by, split.column)
    if left:
        said = " ".join(f"({finding.code}) {finding}" for finding in left)
        raise PipelineError(
            f"{config.data_name} needs a choice before a model learns from it. {said} "
            "The choice stands in config.yaml: data.leave_out or data.keep, each with "
            f"the column or the name in brackets and why; for example data.keep: "
            f"{{{left[0].code}: seen, and meant so}}"
        )

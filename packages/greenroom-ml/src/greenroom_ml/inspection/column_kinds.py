# SPDX-License-Identifier: Apache-2.0
"""Whether a column counts or names rows, or says how its author split them."""

from __future__ import annotations

import re

import numpy as np

from greenroom_ml.tables.moments import TIME_NAME
from greenroom_ml.tables.table_cells import Cells

NO_NAME = re.compile(r"(unnamed: ?\d+)?$|(row[._ ]?(names?|id|num(ber)?)|index)$", re.I)
# customer_id, customerId, "Individual ID", pid, id: and no word that ends in id.
ID_NAME = re.compile(
    r"(.*[_ .-])?(id|ids|uuid|guid|key|nr|no|number|code)$|"
    r"[a-z]{0,2}id$|.*[_ .-]id[_ .-]",
    re.IGNORECASE,
)
CAMEL_ID = re.compile(r".*[a-z](Id|ID|Key|No)$")
# Names of what may be a kind of thing as well.
NUMBERED = re.compile("code|number|no$|nr$|zip|post", re.IGNORECASE)
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
# A column that counts so many different values at least is no cycle of days or weeks.
LONGER_THAN_A_YEARS_WEEKS = 53
MIN_NUMBERS = 20
# Of fewer groups it is said and no more.
MIN_GROUPS = 10
MIN_UNNAMED_GROUPS = 20


def is_index(cells: Cells) -> bool:
    """Whether the column counts the rows, perhaps anew in each part of the table."""
    if not cells.is_integer or len(cells.filled) < len(cells.texts):
        return False
    numbers = cells.numbers.to_numpy()
    steps = np.diff(numbers) == 1
    if NO_NAME.match(cells.name.strip()):
        return cells.distinct == len(numbers)
    if len(steps) < MIN_NUMBERS or is_years(cells) or TIME_NAME.search(cells.name):
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
    if named and not NUMBERED.search(name):
        # One value in many rows is what stands for none: a reference to others.
        largest = cells.filled.value_counts().iloc[0]
        return cells.distinct >= 0.02 * rows and largest <= max(0.1 * rows, 10)
    if TIME_NAME.search(name):
        return False
    runs = cells.run_lengths
    usual = np.bincount(runs).argmax()
    return bool(
        len(runs) == cells.distinct and usual > 1 and (runs == usual).mean() >= 0.8
    )


def is_surely_repeated(cells: Cells) -> bool:
    """Whether there are so many groups that the form asks about them, too."""
    if has_id_name(cells.name) or ENTITY.match(cells.name.strip()):
        return cells.distinct >= MIN_GROUPS
    runs = cells.run_lengths
    alike = (runs == np.bincount(runs).argmax()).mean()
    return cells.distinct >= MIN_UNNAMED_GROUPS and bool(alike >= 0.9)


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

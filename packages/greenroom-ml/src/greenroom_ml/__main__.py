"""Runs `greenroom-ml` as `python -m greenroom_ml`."""

from greenroom_ml.cli import main

main()

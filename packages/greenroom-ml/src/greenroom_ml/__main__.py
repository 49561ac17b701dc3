"""Runs `greenroom-ml` as `python -m greenroom_ml`."""

from .cli import main

main()

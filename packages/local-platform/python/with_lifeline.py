"""Runs a module and ends it, with all it started, when this process's standard input closes.

The parent holds the other end of that pipe. However the parent ends, kill -9 included, the system
closes it, and no server stays behind: `python with_lifeline.py mlflow server --port 5000`.
"""

import os
import runpy
import signal
import sys
import threading
import time


def end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    # The server is a child of this process and in its group; so is this process.
    os.killpg(0, signal.SIGTERM)
    time.sleep(5)
    os.killpg(0, signal.SIGKILL)


threading.Thread(target=end_with_parent, daemon=True).start()
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)

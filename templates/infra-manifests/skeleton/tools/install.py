"""Build the tools that tools/tools.txt names, unless they are there: install.py FOLDER [NAME...]

Each is built in a copy of its own module, with the versions of its own go.sum: `go install` refuses
a module whose go.mod replaces others. Go checks every module against the public checksum database.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

LIST = pathlib.Path(__file__).resolve().parent / "tools.txt"


def build(module, package, target):
    answer = subprocess.run(
        ["go", "mod", "download", "-json", module],
        check=False,
        capture_output=True,
        text=True,
    )
    found = json.loads(answer.stdout or "{}")
    if "Dir" not in found:
        sys.exit(f"{module}: {found.get('Error') or answer.stderr.strip()}")
    with tempfile.TemporaryDirectory() as temporary:
        copy = pathlib.Path(temporary) / "module"
        shutil.copytree(found["Dir"], copy, copy_function=shutil.copyfile)
        for folder, _, _ in os.walk(copy):
            pathlib.Path(folder).chmod(0o755)
        binary = pathlib.Path(temporary) / target.name
        # A workspace file of the module's authors names folders that are not in the module.
        environment = {**os.environ, "GOWORK": "off", "CGO_ENABLED": "0"}
        command = ["go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w"]
        subprocess.run(
            [*command, "-o", binary, package], check=True, cwd=copy, env=environment
        )
        target.parent.mkdir(parents=True, exist_ok=True)
        # Whole or not at all, also when two jobs build it at once.
        part = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.copy(binary, part)
        part.replace(target)


def main():
    folder, *names = sys.argv[1:]
    if shutil.which("go") is None:
        sys.exit("Go is missing: https://go.dev/dl")
    known = {
        words[0]: words
        for line in LIST.read_text(encoding="utf-8").splitlines()
        if (words := line.split("#")[0].split())
    }
    for name in names:
        if name not in known:
            sys.exit(f"{LIST.name} has no tool {name}; it has {', '.join(known)}")
        _, version, module, package = known[name]
        target = pathlib.Path(folder) / f"{name}-{version}" / name
        if not target.is_file():
            print(f"Building {name} {version} (once)", flush=True)
            build(module, package, target)


if __name__ == "__main__":
    main()

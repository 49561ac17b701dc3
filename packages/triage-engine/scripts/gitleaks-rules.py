"""Converts gitleaks' rules into src/redact/gitleaks.json.

    DIR=$(go mod download -json github.com/zricethezav/gitleaks/v8@v8.30.1 | jq -r .Dir)
    python3 scripts/gitleaks-rules.py "$DIR" > src/redact/gitleaks.json
    prettier --write src/redact/gitleaks.json

RE2 syntax becomes JavaScript's, and every quantifier gets an upper bound, since
JavaScript's engine backtracks: src/redact/findGitleaks.test.ts holds each rule
against hostile input. A match that ends at such a bound is prolonged to the end
of its token when it is redacted.
"""

import json
import pathlib
import re
import sys
import tomllib

# Rules that the redactor's own detectors replace, and why.
REPLACED = {
    "private-key": "the block may have no end, or stand on lines with timestamps",
    "curl-auth-header": "several unbounded wildcards over lines",
    "curl-auth-user": "several unbounded wildcards over lines",
    "kubernetes-secret-yaml": "several unbounded wildcards over lines",
    "pkcs12-file": "a path, not a text",
}

REPEAT_LIMIT = 200
TOKEN_LIMIT = 4096

# Only lengthens the match, and costs 50 steps at each character.
PREFIX = r"[\w.-]{0,50}?"

# What must follow a token in a file. In a message it may be followed by
# anything that is no part of it: `(`, `,`, `&`.
END = r"""(?:[\x60'"\s;]|\\[nr]|$)"""


def bound(pattern: str) -> str:
    """`+`, `*` and `{n,}` with an upper bound."""
    out = []
    in_class = False
    i = 0
    while i < len(pattern):
        char = pattern[i]
        if char == "\\":
            out.append(pattern[i : i + 2])
            i += 2
            continue
        open_ended = re.match(r"\{(\d+),\}", pattern[i:])
        if in_class:
            in_class = char != "]"
            out.append(char)
        elif char == "[":
            in_class = True
            out.append(char)
            if pattern[i + 1 : i + 2] == "]":
                out.append("\\]")
                i += 1
        elif char == "+" and out[-1] != "(":
            out.append(f"{{1,{REPEAT_LIMIT}}}")
        elif char == "*" and out[-1] != "(":
            out.append(f"{{0,{REPEAT_LIMIT}}}")
        elif open_ended:
            least = int(open_ended[1])
            most = TOKEN_LIMIT if least > 2 else REPEAT_LIMIT
            out.append(f"{{{least},{max(most, least)}}}")
            i += len(open_ended[0])
            continue
        else:
            out.append(char)
        i += 1
    return "".join(out)


def convert(pattern: str, strict_end: bool = True) -> list[str]:
    """An RE2 pattern as [source, flags]."""
    flags = "i" if re.search(r"\(\?i[):]", pattern) else ""
    source = pattern.replace("(?i)", "")
    source = source.replace("(?s:.)", r"[\s\S]")
    source = re.sub(r"\(\?-?[ims]+:", "(?:", source)
    source = source.replace("(?P<", "(?<").replace(r"\z", "$")
    source = source.replace("[[:alnum:]]", "[a-zA-Z0-9]")
    if not strict_end:
        source = source.replace(END, "(?![A-Za-z0-9])")
    while source.startswith(PREFIX) or source.startswith("(?:" + PREFIX):
        at = source.index(PREFIX)
        source = source[:at] + source[at + len(PREFIX) :]
    return [bound(source), flags]


def allowlist(entry: dict) -> dict | None:
    """Allowlists by path, commit or file say nothing of a text."""
    if entry.get("condition") == "AND" and "paths" in entry:
        return None
    out = {"target": entry.get("regexTarget", "secret")}
    if "regexes" in entry:
        out["regexes"] = [convert(regex) for regex in entry["regexes"]]
    if "stopwords" in entry:
        out["stopwords"] = entry["stopwords"]
    return out


def rule(entry: dict) -> dict:
    allowlists = [a for a in map(allowlist, entry.get("allowlists", [])) if a]
    source, flags = convert(entry["regex"], entry["id"] == "generic-api-key")
    out = {
        "id": entry["id"],
        "source": source,
        "flags": flags,
        "keywords": [keyword.lower() for keyword in entry["keywords"]],
    }
    if PREFIX in entry["regex"]:
        # Found by the name before it, not by its own form.
        out["named"] = True
    if "entropy" in entry:
        out["entropy"] = entry["entropy"]
    if "secretGroup" in entry:
        out["secretGroup"] = entry["secretGroup"]
    if allowlists:
        out["allowlists"] = allowlists
    return out


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    config = tomllib.loads((folder / "config" / "gitleaks.toml").read_text("utf-8"))
    text = json.dumps(
        {
            "from": f"github.com/zricethezav/gitleaks/{folder.name}",
            "license": (folder / "LICENSE").read_text("utf-8"),
            "replaced": REPLACED,
            "allowlist": allowlist(config["allowlist"]),
            "rules": [
                rule(entry)
                for entry in config["rules"]
                if entry["id"] not in REPLACED
            ],
        },
        indent=1,
        ensure_ascii=False,
    )
    # The rule that is a whole token itself would be found by gitleaks.
    print(text.replace("bedrock-api-key-Y", "bedrock-api-key[-]Y"))


if __name__ == "__main__":
    main()

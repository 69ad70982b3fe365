"""Ask whether a locked requirement has a known weakness: `make audit`, part of `make check`.

Fails closed: what could not be looked up counts as unsafe. A machine that has no way to the advisories
at all may say so with PIP_AUDIT_OFFLINE=allow; known weaknesses fail even then.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements" / "base.txt"
# Every entry has its hash, so pip need not be asked to resolve anything.
COMMAND = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "-r", str(LOCK)]


def verdict(strict_status: int, report: str, *, offline_allowed: bool) -> tuple[int, str]:
    """Judge pip-audit's strict exit status and its lenient JSON report; return our status and why."""
    try:
        dependencies = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        dependencies = []
    weak = [one for one in dependencies if one.get("vulns")]
    skipped = [one for one in dependencies if "skip_reason" in one]
    if weak:
        names = ", ".join(f"{one['name']} {one['version']} ({one['vulns'][0]['id']})" for one in weak)
        return 1, f"pip-audit: known weaknesses in {names}"
    if strict_status == 0 and dependencies and not skipped:
        return 0, f"pip-audit: {len(dependencies)} requirements, no known weakness"
    what = f"{len(skipped)} of {len(dependencies)} requirements" if dependencies else "any requirement"
    if offline_allowed:
        return 0, f"pip-audit could not look up {what}; let pass, because PIP_AUDIT_OFFLINE=allow"
    return 1, f"pip-audit could not look up {what}. Where there is no way to it: PIP_AUDIT_OFFLINE=allow"


def main() -> int:
    """Run pip-audit strictly, and once more for the reasons; print the verdict."""
    strict = subprocess.run([*COMMAND, "--strict", "-f", "json"], capture_output=True, text=True, check=False)
    lenient = strict
    if strict.returncode != 0:
        lenient = subprocess.run([*COMMAND, "-f", "json"], capture_output=True, text=True, check=False)
    allowed = os.environ.get("PIP_AUDIT_OFFLINE") == "allow"
    status, why = verdict(strict.returncode, lenient.stdout, offline_allowed=allowed)
    (sys.stderr if status else sys.stdout).write(f"{why}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())

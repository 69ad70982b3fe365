"""`python -m config.embedded COMMAND …` runs a command with a PostgreSQL and Redis that vanish with it."""

import os
import subprocess
import sys

from config.embedded.throwaway import throwaway


def main() -> int:
    """Run the command line's command in a throwaway house; return how it ended."""
    if len(sys.argv) < 2:
        sys.exit("Usage: python -m config.embedded COMMAND …")
    with throwaway() as house:
        return subprocess.run(sys.argv[1:], env={**os.environ, **house.env}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

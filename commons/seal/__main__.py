"""``python -m commons.seal new-key`` prints a line for the top of the key file. Needs no settings."""

import sys

from commons.seal.keys import new_key_line

if __name__ == "__main__":
    if sys.argv[1:] != ["new-key"]:
        sys.exit("Usage: python -m commons.seal new-key  (prints one line for the top of the key file, mode 0600)")
    sys.stdout.write(new_key_line() + "\n")

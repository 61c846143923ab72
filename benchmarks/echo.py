"""The floor of a key: a program that writes what it reads."""

from __future__ import annotations

import os
import sys
import tty

if __name__ == "__main__":
    tty.setraw(0)
    sys.stdout.write("ready")
    sys.stdout.flush()
    while data := os.read(0, 64):
        os.write(1, data)

"""`python -m rusvel_tui` is `rusvel`."""

import sys

from rusvel_tui.cli import main

sys.exit(main())

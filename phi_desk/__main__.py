"""`python -m phi_desk` is `phi-desk`."""

import sys

from phi_desk.start import main

if __name__ == "__main__":
    sys.exit(main())

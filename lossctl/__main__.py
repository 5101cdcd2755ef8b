"""`python -m lossctl`, and the installed command."""

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # quiet while modules load; cli.py takes over

from lossctl.cli import main

if __name__ == "__main__":
    main()

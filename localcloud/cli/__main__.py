"""`python -m localcloud.cli` is the command `localcloud`."""

from localcloud.cli.main import main

main()

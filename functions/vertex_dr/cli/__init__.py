"""The command `vertex-dr`: one file a verb, built on wiring."""

"""Adapters: the only rooms with foreign imports, one by outside world; the same file name answers the same port."""

"""The same configuration through the stand-in and the real provider: planned actions, requests and states compared."""

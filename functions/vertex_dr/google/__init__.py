"""Adapters: one file a port; the only room that imports google.*."""

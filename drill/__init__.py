"""The drill: lose a region on purpose with the same code as a real failover, and end in evidence.

It starts nothing that it does not stop, and it reaches everything through public commands and Google's APIs.
"""

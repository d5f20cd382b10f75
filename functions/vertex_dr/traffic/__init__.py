"""Traffic: which side clients are sent to, who watches both sides, and how the choice changes.

It imports the kernel only; adapters in `google/` answer its ports.
"""

"""The phases of a drill, one file each, in the order of `order.py`."""

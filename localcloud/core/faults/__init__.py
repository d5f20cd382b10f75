"""What can be wrong with a region on purpose, and what a request meets there."""

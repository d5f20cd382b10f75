"""Two Google Cloud regions on one machine, driven by Google's own discovery documents."""

"""Cloud Storage: artifacts, golden values and journals."""

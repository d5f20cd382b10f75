"""Cloud Storage: artifacts, golden values, journals."""

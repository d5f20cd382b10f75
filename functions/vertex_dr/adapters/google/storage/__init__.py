"""Cloud Storage: artifacts, golden values, journals, and the selector's copies in the artifact bucket."""

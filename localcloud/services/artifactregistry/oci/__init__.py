"""The image registry of each region: what `{region}-docker.pkg.dev` is at Google."""

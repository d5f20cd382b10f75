"""Cloud Functions v2: a function is built from its source archive and becomes a Run service."""

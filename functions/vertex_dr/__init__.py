"""vertex-dr: keep machine learning on Vertex AI serving when a region dies, and prove it."""

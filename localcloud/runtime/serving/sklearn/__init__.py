"""The prebuilt scikit-learn prediction server, and the environment that it runs in."""

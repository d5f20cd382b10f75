"""What a first apply would meet: asked of the project before anything is made there; no function needs it."""

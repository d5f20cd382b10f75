"""Google Cloud, a room a product, what spans products beside them; nothing of google.* leaves, errors included."""

"""Google Cloud, a room a product; nothing of google.* leaves this room, errors included."""

"""Which grants an apply has made, and waiting until Google acts on them."""

"""Model versions: export what originates here, register what the other side published."""

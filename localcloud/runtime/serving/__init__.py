"""Model servers: what runs behind a deployed model."""

"""Where ports meet use cases: one class a capability, one object that holds the adapters of a run."""

"""Replication: keep models, images and pipelines of one side on the other, and prove it.

One flow: observe → Inventory → compare → Drift → plan → Plan → apply → Journal → prove → Proof.
"""

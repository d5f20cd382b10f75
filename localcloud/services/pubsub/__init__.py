"""Pub/Sub: topics and subscriptions are localcloud's, so that nothing of them is lost; messages are the emulator's."""

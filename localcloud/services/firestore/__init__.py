"""Firestore: databases, indexes and fields are localcloud's; documents are Google's emulator's."""

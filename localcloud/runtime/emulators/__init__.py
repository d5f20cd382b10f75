"""Google's own emulators of Firestore and Pub/Sub, from the Google Cloud CLI, run as children."""

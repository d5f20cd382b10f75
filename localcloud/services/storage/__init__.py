"""Cloud Storage: the JSON API, its upload, download and batch paths, and reads of the XML API."""

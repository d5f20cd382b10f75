"""Objects of Cloud Storage: their methods, lists, copies and downloads."""

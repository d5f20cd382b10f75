"""The services of the local cloud: one folder an API, with the class that answers it in service.py."""

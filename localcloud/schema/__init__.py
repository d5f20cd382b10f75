"""What Google publishes about its APIs: discovery documents, routes, request schemas, type names."""

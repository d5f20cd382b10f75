"""What the functions of this root are made from: two entry points that do nothing."""


def probe_region(request: object) -> dict[str, str]:
    """Answer a request."""
    return {"asked": str(request)}


def mirror_images(event: object, context: object = None) -> None:
    """Take an event."""
    del event, context

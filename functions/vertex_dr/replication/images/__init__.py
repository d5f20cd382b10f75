"""Images: hold every image of the other side, under the same digest."""

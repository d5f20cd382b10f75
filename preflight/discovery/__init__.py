"""What Google does not document, found out with scratch resources that are removed again."""

"""The words everyone shares: records, errors, addresses, settings, events, journals.

It imports the standard library and the record library only.
"""

from django.dispatch import Signal

text_changed = Signal()
"""Sent inside the transaction that records a version of an article after its first, so that what hangs on the
text can follow. Arguments: `article`, `old` and `new` (Versions)."""

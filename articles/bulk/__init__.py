"""Bulk import: files of any length, brought in by a worker, durable at every step.

`orders` is what a person does: upload, read again, apply, cancel, resume. `staging` reads a file into ImportRows
and compares each with what is here; `applying` writes the articles; `matching` knows, for a chunk of rows at a
time, what is here; `report` tells what became of it. The rules of which article a row is, and what it changes, are
those of articles.importing, the same as for a single article.
"""

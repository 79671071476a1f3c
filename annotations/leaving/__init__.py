"""What leaves the page: the same published statements as JSON-LD, Web Annotations, feeds, tables and graphs.

`records` says what there is to tell, in plain data; `gathering` fills it from the database, with what readers may see
and nothing else; the other modules each write it in one of the formats of others.
"""

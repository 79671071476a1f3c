"""Where files come from by themselves: feeds that are fetched, folders that are watched.

`addresses` and `fetching` get a feed and nothing from inside the network; `folders` finds what was put into a
folder; `looking` does either for an ImportSource, when it is due, and hands on what it found.
"""

"""Fetching published files from a hub; knows HTTP and files, no torch and no catalog.

The transfers are our own ranged GETs. huggingface_hub's downloader (2.4.0) writes in pieces of
10 MB and reads its progress bar only between them: on a line of 2.5 MB/s a cancel took 3.5 s and
kept nothing, and a connection that broke after 9 MB began at byte 0 again every time. Plain GETs
of the `resolve` address need no xet: the hub answers them with a redirect to the whole file.
Of huggingface_hub only the person's saved token is used.
"""

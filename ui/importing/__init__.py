"""Importing a file: its columns matched to ours, its rows checked and mended, all of it posted or nothing."""

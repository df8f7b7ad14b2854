"""Data of earlier versions, as they left it, which every later version has to bring up to date."""

"""Answers to questions out of the door: as files, at once or as jobs, and as feeds that a spreadsheet reads again."""

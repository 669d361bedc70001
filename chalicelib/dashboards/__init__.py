"""Dashboards as data: the pages of the site, and those that people arrange for themselves."""

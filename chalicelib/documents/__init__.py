"""Documents for people and their tools: tables, and what is to be said of them, as CSV, Parquet, Excel and PDF."""

"""SQL for people: what may be asked, how it is run, what it costs, and in which form it is answered."""

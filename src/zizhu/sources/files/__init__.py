"""Reading files that may be anything: archives, text tables, matrices, workbooks."""

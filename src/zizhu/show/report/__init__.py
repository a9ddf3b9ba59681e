"""Reports: any set of views as one page that needs no network, and as PDF. The brief is the first preset."""

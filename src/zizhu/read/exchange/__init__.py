"""Claims in the forms that others read and write. What comes from elsewhere are candidates, and passes the gate."""

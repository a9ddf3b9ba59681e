"""The workbench: the same questions as on the command line, over HTTP, for a page in a browser. No arithmetic."""

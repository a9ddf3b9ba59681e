"""What the workbench can be asked, one module a subject."""

"""What becomes of what is deployed when a preview is carried out."""

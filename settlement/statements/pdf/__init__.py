"""A document as a tagged PDF: laid out, drawn, tagged and written as a file of our own."""

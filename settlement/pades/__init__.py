"""Optional PAdES signatures on a statement's PDF, with a signatory's own certificate."""

"""公文：official papers out."""

"""测速：the product beside what an expert would write by hand, on the same data, in the same run."""

"""办了就是办了：real processes against a database of their own, at one instant, or killed in the middle."""

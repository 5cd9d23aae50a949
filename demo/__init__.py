"""演示年：a bureau's two past years and its running one, played through the real deeds."""

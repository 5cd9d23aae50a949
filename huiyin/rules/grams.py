"""字对：a text as the pairs of characters that stand side by side in it, by which any word of two or more is found."""

BASIC = 0xFFFF  # characters beyond it share numbers with each other, and with no other character
SURROGATES, EACH = 0xD800, 0x7FF  # numbers of no character
APART = 0  # stands for what parts two pairs


def pairs(text: str) -> list[int]:
    """Of letters, digits, Chinese characters and signs, in their order; what is apart by a space or a line is no pair."""
    found: list[int] = []
    before = -1
    for char in text.lower():
        now = -1 if char.isspace() else _number(char)
        if before >= 0:
            found.append(before << 16 | now if now >= 0 else APART)
        before = now
    return found


def exact(word: str) -> bool:
    """Is the word where its pairs stand in their order? It is, unless its characters share their numbers with others."""
    return all(ord(char) <= BASIC for char in word)


def _number(char: str) -> int:
    code = ord(char)
    return code if code <= BASIC else SURROGATES | code & EACH

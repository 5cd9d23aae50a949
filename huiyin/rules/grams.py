"""字对：a text as the pairs of characters that stand side by side in it, by which any word of two or more is found."""

BASIC = 0xFFFF  # characters beyond it share numbers with each other, and with no other character
SURROGATES, EACH = 0xD800, 0x7FF  # numbers of no character


def pairs(text: str) -> set[int]:
    """Of letters, digits, Chinese characters and signs; what is apart by a space or a line is no pair."""
    found: set[int] = set()
    before = -1
    for char in text.lower():
        now = -1 if char.isspace() else _number(char)
        if before >= 0 and now >= 0:
            found.add(before << 16 | now)
        before = now
    return found


def is_pair(word: str) -> bool:
    """Is the word one pair and nothing else, so that who has the pair has the word?"""
    return len(word) == 2 and all(ord(char) <= BASIC for char in word) and len(pairs(word)) == 1


def _number(char: str) -> int:
    code = ord(char)
    return code if code <= BASIC else SURROGATES | code & EACH

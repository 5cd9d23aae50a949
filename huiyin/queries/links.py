"""一次性链接：how somebody without a password gets his first one."""

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.http import urlsafe_base64_encode

from huiyin.models import Person


def first_link(person: Person) -> str:
    """一次性链接的路径: works until a password is set by it, three days at most."""
    uid = urlsafe_base64_encode(str(person.pk).encode())
    return reverse("first_password", args=[uid, default_token_generator.make_token(person)])

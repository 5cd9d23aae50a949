"""送达的回执: a delivery in person, or with its receipt kept, was received the day it was delivered."""

from django.db import migrations
from django.db.models import F, Q


def received(apps, schema_editor):
    deliveries = apps.get_model("huiyin", "Delivery")
    deliveries.objects.filter(Q(method="in_person") | Q(receipt__isnull=False)).update(received_on=F("on"))


class Migration(migrations.Migration):
    dependencies = [("huiyin", "0005_the_reply")]
    operations = [migrations.RunPython(received, migrations.RunPython.noop)]

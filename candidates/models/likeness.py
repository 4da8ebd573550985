"""What of a record is compared to find the same person under another code."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from candidates.models.people import Candidate


class Fingerprint(models.Model):
    """Derived from one record (candidates.duplicates); whoever shares no key is not compared."""

    candidate = models.OneToOneField(
        Candidate, on_delete=models.CASCADE, primary_key=True, related_name="fingerprint"
    )
    source_hash = models.CharField(max_length=32)  # of what it was made from, and how
    keys = ArrayField(models.BigIntegerField(), default=list)  # hashes: of addresses, numbers, names, CVs
    sketch = ArrayField(models.BigIntegerField(), null=True)  # of the CV; None: too short

    class Meta:
        verbose_name = "fingerprint"
        verbose_name_plural = "fingerprints"
        indexes = [GinIndex(fields=["keys"], name="fingerprint_keys")]

    def __str__(self) -> str:
        return f"fingerprint of {self.candidate_id}"

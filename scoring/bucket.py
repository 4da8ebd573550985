"""An S3-compatible bucket as a Django storage (optional: requirements-s3.txt).

Imported only by the setting ``MODEL_STORAGE_URL``. Differs from django-storages' own class where learning
needs it: objects are written only if there is none, and errors are OSErrors with a sentence.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError
from django.core.files import File
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

from scoring.storage import StorageUnavailable

ABSENT = {"NoSuchKey"}
THERE_ALREADY = {"PreconditionFailed", "ConditionalRequestConflict"}
REFUSED = {"AccessDenied", "403", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"}


class Bucket(S3Storage):  # type: ignore[misc]  # django-storages has no types
    def __init__(self, **options: Any) -> None:
        # Its own patience: a page that waits for a model must not wait for the five minutes of the default
        config = Config(
            connect_timeout=5,
            read_timeout=30,
            retries={"mode": "standard", "total_max_attempts": 3},
            s3={"addressing_style": options.get("addressing_style")},
        )
        super().__init__(client_config=config, **options)

    def _save(self, name: str, content: "File[bytes]") -> str:
        with self._in_words(name):
            self._object(name).put(Body=content.read(), IfNoneMatch="*")
        return str(clean_name(name))

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        with self._in_words(name):
            return ContentFile(self._object(name).get()["Body"].read(), name)

    def exists(self, name: str) -> bool:
        with self._in_words(name):
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with self._in_words(name):
            super().delete(name)

    def size(self, name: str) -> int:
        with self._in_words(name):
            return int(super().size(name))

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with self._in_words(name):
            folders, files = super().listdir(name)
            return folders, files

    def _object(self, name: str) -> Any:
        return self.bucket.Object(self._normalize_name(clean_name(name)))

    @contextmanager
    def _in_words(self, name: str) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            raise self._meaning(error.response["Error"]["Code"], name) from error
        except (NoCredentialsError, PartialCredentialsError) as error:
            raise StorageUnavailable(
                f"There are no credentials for the bucket “{self.bucket_name}”. "
                "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            ) from error
        except BotoCoreError as error:
            raise StorageUnavailable(
                f"The bucket “{self.bucket_name}” cannot be reached ({type(error).__name__}). "
                "Check MODEL_STORAGE_URL and the network."
            ) from error

    def _meaning(self, code: str, name: str) -> OSError:
        if code in ABSENT:
            return FileNotFoundError(f"{name} is not in the bucket")
        if code in THERE_ALREADY:
            return FileExistsError(f"{name} exists and is never overwritten")
        if code == "NoSuchBucket":
            return StorageUnavailable(
                f"There is no bucket “{self.bucket_name}”. Make it, or correct MODEL_STORAGE_URL."
            )
        if code in REFUSED:
            return StorageUnavailable(
                f"The bucket “{self.bucket_name}” refuses these credentials ({code}). "
                "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they are allowed to do."
            )
        return StorageUnavailable(f"The bucket “{self.bucket_name}” cannot be used ({code}).")

"""Files at rest: bytes in the file storage, named by their content; a row here for each use of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiafang.access.fence import PathField
from jiafang.lib import clock
from jiafang.lib.ids import uuid7


class StoredFile(models.Model):
    """One stored file. ``path`` is the unit it belongs to; whoever links to it guards who may open it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = PathField(max_length=120)
    name = models.CharField(_("文件名"), max_length=200)
    key = models.CharField(max_length=120, unique=True)  # place in the storage
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("文件")

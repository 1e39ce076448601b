"""Static files under hashed names, modules that import each other included, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

FOREIGN = ("vendor/", "django_htmx/")


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Rewrites ``import`` in our own modules; libraries of others are single files and left as they are."""

    support_js_module_import_aggregation = True

    def url_converter(self, name, hashed_files, template=None):
        if name.startswith(FOREIGN) and name.endswith(".js"):
            return lambda found: found.group()
        return super().url_converter(name, hashed_files, template)

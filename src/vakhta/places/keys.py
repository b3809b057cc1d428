"""Keys that the stock is searched by, as the database keeps and compares them."""

from __future__ import annotations

from typing import Any

from django.db import models

_CAPITALS = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯё"
_FOLDED = "абвгдеежзийклмнопрстуфхцчшщъыьэюяе"


class FamilyKey(models.Func):
    """«Ёлкина Анна» → «елкина»: the first word, lower case, ё = е, whatever the database's collation."""

    template = f"lower(translate(split_part(%(expressions)s, ' ', 1), '{_CAPITALS}', '{_FOLDED}'))"
    output_field = models.CharField(max_length=160)


@models.CharField.register_lookup
class Begins(models.Lookup):
    """`key__begins="петр"`: a prefix by bytes. Unlike LIKE it may use its index under row-level
    security; the index needs `varchar_pattern_ops`."""

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        key, params = self.process_lhs(compiler, connection)
        return f"({key} ~>=~ %s AND {key} ~<~ %s)", (*params, self.rhs, *params, f"{self.rhs}\U0010ffff")
